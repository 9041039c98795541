package io.tallygate.deploy.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Says which fault the commerce endpoint's next requests meet. */
final class CommerceSwitch {
    private static final Set<String> FIELDS = Set.of("mode", "count", "delayMs", "retryAfter", "payer", "status");
    private static final int MAX_DELAY = 3_600_000;

    private static final String FORGET_KEYS = "forget-keys";

    private final CommerceBook book;
    private Order order = Order.NONE;
    private long faults;

    /** A switch of the endpoint with this book. */
    CommerceSwitch(CommerceBook book) {
        this.book = book;
    }

    /**
     * What to do wrong.
     *
     * @param http the HTTP status of {@link CommerceFault#HTTP}
     * @param status of {@link CommerceFault#STATUS}
     * @param left for how many requests; -1: until it is switched again
     * @param retryAfter the header, or null
     * @param payer the only resource whose requests meet it, or null
     */
    record Order(
            CommerceFault fault,
            int http,
            MeteringStatus status,
            long left,
            int delayMillis,
            String retryAfter,
            String payer) {
        static final Order NONE = new Order(CommerceFault.OK, 0, null, -1, 0, null, null);

        private Order once() {
            return left < 0 ? this : new Order(fault, http, status, left - 1, delayMillis, retryAfter, payer);
        }

        String mode() {
            return fault == CommerceFault.HTTP ? Integer.toString(http) : fault.wireName();
        }
    }

    /** What the next request meets, if it is one for these resources. */
    synchronized Order next(List<String> resources) {
        if (order.fault() == CommerceFault.OK
                || (order.payer() != null && resources.stream().noneMatch(order.payer()::equalsIgnoreCase))) {
            return Order.NONE;
        }
        Order met = order;
        faults++;
        order = met.once().left() == 0 ? Order.NONE : met.once();
        return met;
    }

    /**
     * Turns it. {@code forget-keys} happens at once and leaves the rest as it is.
     *
     * @throws IllegalArgumentException with a message for the sender
     */
    synchronized void set(JsonNode json) {
        json.fieldNames().forEachRemaining(field -> require(FIELDS.contains(field), "Known are " + FIELDS));
        String mode = json.path("mode").asText();
        if (mode.equals(FORGET_KEYS)) {
            book.forgetKeys();
            return;
        }
        CommerceFault fault = mode.matches("[3-5]\\d\\d")
                ? CommerceFault.HTTP
                : CommerceFault.named(mode)
                        .orElseThrow(() -> new IllegalArgumentException("mode is an HTTP status from 300 on, "
                                + FORGET_KEYS + " or one of " + CommerceFault.names()));
        JsonNode count = json.path("count");
        JsonNode delay = json.path("delayMs");
        require(count.isMissingNode() || (count.canConvertToInt() && count.intValue() > 0), "count is 1 or more");
        require(
                delay.isMissingNode()
                        || (delay.canConvertToInt() && delay.intValue() >= 0 && delay.intValue() <= MAX_DELAY),
                "delayMs is from 0 to " + MAX_DELAY);
        order = new Order(
                fault,
                fault == CommerceFault.HTTP ? Integer.parseInt(mode) : 0,
                fault == CommerceFault.STATUS ? status(json.path("status").asText()) : null,
                count.asInt(-1),
                delay.asInt(0),
                json.hasNonNull("retryAfter") ? json.path("retryAfter").asText() : null,
                json.hasNonNull("payer") ? json.path("payer").asText() : null);
    }

    /** What is switched now; {@code count} is what is left of it, {@code faults} how many requests have met one. */
    synchronized ObjectNode json() {
        ObjectNode json = CommerceJson.object().put("mode", order.mode());
        if (order.left() >= 0) {
            json.put("count", order.left());
        }
        if (order.status() != null) {
            json.put("status", order.status().name());
        }
        return json.put("delayMs", order.delayMillis())
                .put("retryAfter", order.retryAfter())
                .put("payer", order.payer())
                .put("faults", faults);
    }

    private static MeteringStatus status(String name) {
        return Arrays.stream(MeteringStatus.values())
                .filter(each -> each.name().equals(name) && each != MeteringStatus.Accepted)
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("status is one of the metering service's but Accepted"));
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
