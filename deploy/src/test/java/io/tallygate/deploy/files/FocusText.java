package io.tallygate.deploy.files;

import io.tallygate.deploy.testing.TestWorld;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** FOCUS as it is written. */
public final class FocusText {
    /** The names of the columns. */
    public static final String HEADER =
            "ChargeCategory,ChargePeriodStart,ChargePeriodEnd,ConsumedQuantity,ResourceId,RegionId,SkuId,SubAccountId,Tags\n";

    private FocusText() {}

    /** A row of one hour. */
    public static String row(Object subscription, Instant hour, String resource, String quantity) {
        return "Usage," + hour + "," + hour.plus(1, ChronoUnit.HOURS) + "," + quantity + ",/vm/" + resource + ",local,"
                + TestWorld.CORE_HOURS + ",/subscriptions/" + subscription + ",\"{\"\"a\"\": \"\"b\"\"}\"\n";
    }
}
