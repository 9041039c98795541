package io.tallygate.gateway.audit;

import io.tallygate.gateway.audit.RefusalSums.Who;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/** How often a caller was refused, why, and from where. Not for several threads at once. */
public final class RefusalSum {
    /** The most addresses that are counted one by one. */
    static final int MOST_ADDRESSES = 20;

    private static final String OTHER_ADDRESSES = "others";

    private final Who who;
    private final Map<Cause, Long> causes = new TreeMap<>();
    private final Map<String, Long> addresses = new TreeMap<>();
    private Instant first = Instant.MAX;
    private Instant last = Instant.MIN;

    private record Cause(int status, String reason) implements Comparable<Cause> {
        @Override
        public int compareTo(Cause other) {
            return status == other.status ? reason.compareTo(other.reason) : Integer.compare(status, other.status);
        }
    }

    RefusalSum(Who who) {
        this.who = who;
    }

    /** Whose it is. */
    public Who who() {
        return who;
    }

    RefusalSum count(Refusal refusal, Instant now) {
        causes.merge(new Cause(refusal.status(), refusal.reason()), 1L, Long::sum);
        addAddress(refusal.address(), 1);
        widen(now, now);
        return this;
    }

    RefusalSum plus(RefusalSum other) {
        other.causes.forEach((cause, count) -> causes.merge(cause, count, Long::sum));
        other.addresses.forEach(this::addAddress);
        widen(other.first, other.last);
        return this;
    }

    /** What it says, for the audit: {@code from}, {@code to}, {@code count}, {@code refusals}, {@code addresses}. */
    public String detail() {
        JsonArray refusals = new JsonArray();
        causes.forEach((cause, count) -> refusals.add(new JsonObject()
                .put("status", cause.status())
                .put("reason", cause.reason())
                .put("count", count)));
        JsonObject from = new JsonObject();
        addresses.forEach(from::put);
        return new JsonObject()
                .put("from", first.toString())
                .put("to", last.toString())
                .put(
                        "count",
                        causes.values().stream().mapToLong(Long::longValue).sum())
                .put("refusals", refusals)
                .put("addresses", from)
                .encode();
    }

    private void addAddress(String address, long count) {
        boolean known = addresses.containsKey(address) || addresses.size() < MOST_ADDRESSES;
        addresses.merge(known ? address : OTHER_ADDRESSES, count, Long::sum);
    }

    private void widen(Instant from, Instant to) {
        first = from.isBefore(first) ? from : first;
        last = to.isAfter(last) ? to : last;
    }
}
