package io.tallygate.routing.registration;

import java.util.Arrays;

/** How a registration is billed. The names are those of the wire. */
public enum BillingModel {
    /** By usage: it is routed to payers and delivered. */
    PayAsYouUse,
    /** By capacity, apart from usage. */
    Capacity,
    /** Not at all. */
    Development;

    /** Whether usage is routed and delivered; only then may there be customer subscriptions. */
    public boolean delivers() {
        return this == PayAsYouUse;
    }

    /** The names of those that deliver, to be sent with a statement. */
    public static String[] delivering() {
        return Arrays.stream(values())
                .filter(BillingModel::delivers)
                .map(BillingModel::name)
                .toArray(String[]::new);
    }
}
