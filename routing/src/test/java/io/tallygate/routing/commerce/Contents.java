package io.tallygate.routing.commerce;

import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Contents of events for tests. */
final class Contents {
    static final String DIMENSION = "vm-size-hours";

    private static final SubscriptionId SUBSCRIPTION =
            new SubscriptionId(UUID.fromString("aaaaaaaa-0000-4000-8000-000000000001"));
    private static final TenantId TENANT = new TenantId(UUID.fromString("bbbbbbbb-0000-4000-8000-000000000001"));

    private Contents() {}

    /** An event of one row under this hour. */
    static EventContent event(SubscriptionId payer, Instant hour, BigDecimal quantity) {
        return event(payer, hour, List.of(row(0, "CPU, \"big\"", hour, quantity)));
    }

    /** An event of these rows. */
    static EventContent event(SubscriptionId payer, Instant time, List<EventContent.Row> rows) {
        BigDecimal sum = rows.stream().map(EventContent.Row::quantity).reduce(BigDecimal.ZERO, BigDecimal::add);
        long records = rows.stream().mapToLong(EventContent.Row::recordCount).sum();
        UUID key = UUID.nameUUIDFromBytes((payer + "/" + time + "/" + sum).getBytes(StandardCharsets.UTF_8));
        return new EventContent(key, payer, DIMENSION, time, sum, records, rows);
    }

    /** A row with three records. */
    static EventContent.Row row(int seq, String meterName, Instant hour, BigDecimal quantity) {
        return new EventContent.Row(
                SUBSCRIPTION,
                TENANT,
                hour,
                seq,
                "original",
                false,
                "meter-1",
                meterName,
                "Hours",
                DIMENSION,
                "/subscriptions/x/vm-ä",
                "local",
                "{\"team\":\"a,b\"}",
                null,
                hour,
                quantity,
                3);
    }
}
