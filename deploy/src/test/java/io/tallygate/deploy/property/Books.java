package io.tallygate.deploy.property;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;

/** The test's own account of what was sent and acknowledged: what the gateway shows is held against it. */
final class Books {
    private final Queue<Sent> sent = new ConcurrentLinkedQueue<>();

    /**
     * A record that must be stored.
     *
     * @param released whether it had to wait in quarantine
     */
    record Stored(Sent by, boolean released) {}

    void enter(Sent one) {
        sent.add(one);
    }

    int size() {
        return sent.size();
    }

    Map<String, Long> outcomes() {
        return sent.stream().collect(Collectors.groupingBy(Sent::outcome, Collectors.counting()));
    }

    /** The distinct records that count, by id; every outcome that was given is checked on the way. */
    Map<String, Stored> stored(Set<String> lateMeters, Set<java.util.UUID> lateSubscriptions) {
        Map<String, Stored> stored = new HashMap<>();
        sent.stream().collect(Collectors.groupingBy(Sent::id)).forEach((id, all) -> {
            Stored one = storedOf(all);
            if (one != null) {
                stored.put(id, one);
                Payload payload = one.by().payload();
                assertThat(!one.released()
                                || lateMeters.contains(payload.meter())
                                || lateSubscriptions.contains(payload.subscription()))
                        .as("%s was quarantined for a reason", id)
                        .isTrue();
            }
        });
        return stored;
    }

    /** How many distinct payloads contradict what came first. */
    long conflicts() {
        return sent.stream()
                .filter(one -> one.outcome().equals("Conflict"))
                .map(one -> List.of(one.id(), one.payload()))
                .distinct()
                .count();
    }

    /** Sums by what is summed. */
    static Map<Payload.Key, BigDecimal> sums(Collection<Stored> records) {
        Map<Payload.Key, BigDecimal> sums = new HashMap<>();
        records.forEach(record ->
                sums.merge(record.by().payload().key(), record.by().payload().quantity(), BigDecimal::add));
        return sums;
    }

    private static Stored storedOf(List<Sent> all) {
        for (Sent one : all) {
            if (one.refusal() != null) {
                assertThat(one.outcome() + " " + one.code()).as("%s", one).isEqualTo("Rejected " + one.refusal());
            }
        }
        List<Sent> good = all.stream().filter(one -> one.refusal() == null).toList();
        List<Sent> accepted = of(good, "Accepted");
        List<Sent> quarantined = of(good, "Quarantined");
        List<Sent> rejected = of(good, "Rejected");
        for (Sent one : rejected) {
            assertThat(one.code()).as("%s", one).isEqualTo("WindowSealed");
            assertThat(one.backfill()).as("%s", one).isTrue();
            assertThat(one.payload().usageHour()).as("%s", one).isBefore(one.closedAfter());
        }
        if (accepted.isEmpty() && quarantined.isEmpty()) {
            assertThat(rejected).as("never stored").hasSameSizeAs(good);
            return null;
        }
        assertThat(accepted.size()).as("accepted once: %s", all).isEqualTo(quarantined.isEmpty() ? 1 : 0);
        Sent first = accepted.isEmpty() ? quarantined.get(0) : accepted.get(0);
        Set<Payload> others = new HashSet<>();
        for (Sent one : good) {
            switch (one.outcome()) {
                case "Accepted", "Quarantined", "Duplicate" ->
                    assertThat(one.payload()).as("%s beside %s", one, first).isEqualTo(first.payload());
                case "Conflict" -> others.add(one.payload());
                default -> assertThat(one.outcome()).isEqualTo("Rejected");
            }
        }
        assertThat(others).as("conflicts of %s", first).doesNotContain(first.payload());
        if (!accepted.isEmpty() && first.backfill()) {
            Instant hour = first.payload().usageHour();
            assertThat(hour).as("%s joined an open window", first).isAfterOrEqualTo(first.closedBefore());
        }
        return new Stored(first, accepted.isEmpty());
    }

    private static List<Sent> of(List<Sent> all, String outcome) {
        return all.stream().filter(one -> one.outcome().equals(outcome)).toList();
    }
}
