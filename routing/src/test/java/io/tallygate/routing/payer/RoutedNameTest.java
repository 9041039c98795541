package io.tallygate.routing.payer;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.store.aggregate.AggregationGranularity;
import io.tallygate.store.aggregate.Instance;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import java.time.Instant;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RoutedNameTest {
    private static final Instant HOUR = Instant.parse("2026-01-01T00:00:00Z");
    private static final UUID PAYER = new UUID(0, 1);
    private static final UUID LOCAL = new UUID(0, 2);

    @Test
    void rowsThatDifferInOneThingHaveDifferentNames() {
        assertThat(Stream.of(
                                name(LOCAL, "m", "original", null),
                                name(new UUID(0, 3), "m", "original", null),
                                name(LOCAL, "other", "original", null),
                                name(LOCAL, "m", null, null),
                                name(LOCAL, "m", "reversal", HOUR),
                                name(LOCAL, "m", "rerouted", HOUR),
                                name(LOCAL, "m", "reversal", HOUR.plusSeconds(3600)))
                        .map(RoutedName::value))
                .doesNotHaveDuplicates();
    }

    @Test
    void nameStaysTheSame() {
        assertThat(name(LOCAL, "m", "original", null).value())
                .isEqualTo(name(LOCAL, "m", "original", null).value())
                .hasToString("67ebf19e-5abc-3182-ac7f-57bd2851a65b");
    }

    private static RoutedName name(UUID subscription, String commerceMeterId, String kind, Instant originTime) {
        return new RoutedName(
                AggregationGranularity.Hourly,
                HOUR,
                PAYER,
                "meter",
                commerceMeterId,
                new Instance(new SubscriptionId(subscription), new TenantId(LOCAL), new byte[32], new byte[0]),
                HOUR,
                kind,
                originTime);
    }
}
