package io.tallygate.routing.delivery;

import io.vertx.core.buffer.Buffer;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which waiting hours of one payer and dimension become which events. Pure.
 *
 * <p>The hours are walked in order with a carry: what cannot go under its own hour, since that is used or too old or the
 * sum is not positive, is carried on and goes out under the next free hour in which the total is positive, together with
 * that hour's own usage. So an event is never told under an hour before any of its usage.
 */
final class EventPlan {
    private static final Duration HOUR = Duration.ofHours(1);

    private final Rules rules;
    private final Set<Instant> used;
    private final List<Group> carry = new ArrayList<>();
    private final List<Planned> events = new ArrayList<>();
    private BigDecimal total = BigDecimal.ZERO;

    private EventPlan(Rules rules, Set<Instant> used) {
        this.rules = rules;
        this.used = new HashSet<>(used);
    }

    /**
     * All waiting rows of one usage hour.
     *
     * @param rows how many
     * @param firstReported the earliest of their reported times
     * @param lastReported the latest
     * @param digest over the ids of the rows in order
     */
    record Group(
            Instant hour,
            int rows,
            BigDecimal quantity,
            long recordCount,
            Instant firstReported,
            Instant lastReported,
            Buffer digest) {}

    /**
     * On which terms.
     *
     * @param slots whether an hour takes one event only
     * @param acceptsNegative whether a sum may be zero or less
     * @param earliest the first hour that the endpoint still takes by the time it is sent; null: any
     * @param expired what was reported before it waited long enough for something to join; null: it waits for ever
     * @param last the last settled hour; no later one is used
     * @param complete whether these are all the groups up to {@code last}
     */
    record Rules(
            boolean slots,
            boolean acceptsNegative,
            Instant earliest,
            Instant expired,
            Instant last,
            boolean complete) {}

    /**
     * An event.
     *
     * @param hour under which the endpoint is told of it
     * @param groups one or more, in order
     * @param negative whether it is what is left at the limit and not positive: it is not sent
     */
    record Planned(Instant hour, List<Group> groups, boolean negative) {
        BigDecimal quantity() {
            return groups.stream().map(Group::quantity).reduce(BigDecimal.ZERO, BigDecimal::add);
        }

        long recordCount() {
            return groups.stream().mapToLong(Group::recordCount).sum();
        }

        int rows() {
            return groups.stream().mapToInt(Group::rows).sum();
        }

        Instant lastReported() {
            return groups.stream()
                    .map(Group::lastReported)
                    .max(Instant::compareTo)
                    .orElseThrow();
        }
    }

    /**
     * The events that these groups make; groups in none of them wait on.
     *
     * @param groups in order of their hours, each hour once, none after the last settled one
     * @param used the hours that have an event already
     */
    static List<Planned> of(List<Group> groups, Set<Instant> used, Rules rules) {
        EventPlan plan = new EventPlan(rules, used);
        groups.forEach(plan::take);
        plan.placeCarry(rules.last().plus(HOUR));
        if (rules.complete() && rules.expired() != null) {
            plan.giveUpExpired();
        }
        return plan.events;
    }

    private void take(Group group) {
        placeCarry(group.hour());
        carry.add(group);
        total = total.add(group.quantity());
        if (isFree(group.hour()) && !isTooOld(group.hour())) {
            placeAt(group.hour());
        }
    }

    // In the hours without usage of their own, before the next that has some.
    private void placeCarry(Instant before) {
        if (carry.isEmpty() || !isTaken(total)) {
            return;
        }
        Instant hour = carry.get(carry.size() - 1).hour();
        if (isTooOld(hour)) {
            hour = rules.earliest();
        }
        while (hour.isBefore(before) && !isFree(hour)) {
            hour = hour.plus(HOUR);
        }
        if (hour.isBefore(before)) {
            placeAt(hour);
        }
    }

    private void placeAt(Instant hour) {
        if (!isTaken(total)) {
            return;
        }
        events.add(new Planned(hour, List.copyOf(carry), false));
        used.add(hour);
        carry.clear();
        total = BigDecimal.ZERO;
    }

    // Only what waited to the limit: what came later may still find something positive to join. If all of it
    // is positive together, it finds a free hour sooner or later.
    private void giveUpExpired() {
        if (isTaken(total)) {
            return;
        }
        List<Group> expired = carry.stream()
                .filter(group -> group.lastReported().isBefore(rules.expired()))
                .toList();
        if (expired.isEmpty()) {
            return;
        }
        Planned rest = new Planned(expired.get(expired.size() - 1).hour(), expired, true);
        if (!isTaken(rest.quantity())) {
            events.add(rest);
        }
    }

    private boolean isFree(Instant hour) {
        return !rules.slots() || !used.contains(hour);
    }

    private boolean isTooOld(Instant hour) {
        return rules.earliest() != null && hour.isBefore(rules.earliest());
    }

    private boolean isTaken(BigDecimal sum) {
        return rules.acceptsNegative() || sum.signum() > 0;
    }
}
