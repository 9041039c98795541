package io.tallygate.deploy.demo;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** What the commerce endpoint's book says, for people and tests. */
final class CommerceReport {
    private final CommerceBook book;

    CommerceReport(CommerceBook book) {
        this.book = book;
    }

    /**
     * Everything: {@code total} and {@code subscriptions}.
     *
     * @param events whether each event is listed too
     */
    ObjectNode everything(boolean events) {
        Sum total = new Sum();
        ObjectNode report = CommerceJson.object();
        ObjectNode totals = report.putObject("total");
        ArrayNode subscriptions = report.putArray("subscriptions");
        for (String resource : new TreeSet<>(book.resources())) {
            subscriptions.add(subscription(resource, events, total));
        }
        total.writeTo(totals);
        return report;
    }

    /** What one subscription pays for, with its events; sums of zero if nothing. */
    ObjectNode subscription(String resource) {
        return subscription(resource, true, new Sum());
    }

    private ObjectNode subscription(String resource, boolean events, Sum total) {
        List<Billing> billings = book.of(resource);
        Sum sum = new Sum();
        Map<String, Sum> dimensions = new TreeMap<>();
        ObjectNode json = CommerceJson.object().put("resourceId", MeteredEvent.resourceKey(resource));
        ArrayNode list = CommerceJson.object().putArray("events");
        for (Billing billing : billings) {
            int times = book.timesBilled(billing.event().slot());
            sum.add(billing, times);
            total.add(billing, times);
            dimensions
                    .computeIfAbsent(billing.event().dimension(), first -> new Sum())
                    .add(billing, times);
            billing.writeTo(list.addObject())
                    .put("hour", billing.event().slot().hour().toString())
                    .put("timesBilled", times);
        }
        sum.writeTo(json);
        ArrayNode byDimension = json.putArray("dimensions");
        dimensions.forEach(
                (dimension, each) -> each.writeTo(byDimension.addObject().put("dimension", dimension)));
        if (events) {
            json.set("events", list);
        }
        return json;
    }

    /** Sums of billings. */
    private static final class Sum {
        private long billed;
        private long twice;
        private BigDecimal quantity = BigDecimal.ZERO;

        void add(Billing billing, int times) {
            billed++;
            twice += times > 1 ? 1 : 0;
            quantity = quantity.add(billing.event().quantity());
        }

        ObjectNode writeTo(ObjectNode json) {
            return json.put("billed", billed)
                    .put("quantity", quantity.signum() == 0 ? BigDecimal.ZERO : quantity.stripTrailingZeros())
                    .put("billedMoreThanOnce", twice);
        }
    }
}
