package io.tallygate.routing.delivery;

import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Sees to it that no payer holds up another: all take turns; none has all submissions under way but where there is only
 * one; those for whom the endpoint gave no good answer rest before the next, and have half of the submissions between
 * them at most, one each. Kept by each gateway for itself, no IO.
 */
final class PayerTurns {
    // More than fail one after another before the breaker opens; it bounds what a claim leaves out.
    private static final int MOST_SUSPECTS = 1000;

    private final int most;
    private final int mostOfSuspects;
    private final Backoff backoff;
    private final Map<UUID, Integer> underWay = new HashMap<>();
    private final Map<UUID, Suspect> suspects = new LinkedHashMap<>();
    private UUID last;

    private record Suspect(int failures, long restsUntil) {}

    /** For an endpoint that takes so many submissions at once. */
    PayerTurns(int concurrency, Backoff backoff) {
        most = Math.max(1, concurrency - 1);
        mostOfSuspects = Math.max(1, concurrency / 2);
        this.backoff = backoff;
    }

    /** Whose turn was last; null if it is anybody's. */
    UUID last() {
        return last;
    }

    /** It was this payer's turn. */
    void took(UUID payer) {
        last = payer;
    }

    /** Nobody had anything due after the last: from the first again. */
    void nobody() {
        last = null;
    }

    /** A submission for the payer begins. */
    void begin(UUID payer) {
        underWay.merge(payer, 1, Integer::sum);
    }

    /**
     * A submission for the payer ended.
     *
     * @param failed without an answer that means something
     * @param now as {@link System#nanoTime}
     */
    void end(UUID payer, boolean failed, long now) {
        underWay.computeIfPresent(payer, (key, count) -> count == 1 ? null : count - 1);
        Suspect before = suspects.remove(payer);
        if (failed) {
            int failures = before == null ? 1 : before.failures() + 1;
            Duration rest = backoff.after(failures);
            suspects.put(payer, new Suspect(failures, now + rest.toNanos()));
            forgetOldest();
        }
    }

    /** Who is left out of the next claim. */
    Set<UUID> resting(long now) {
        Set<UUID> resting = new TreeSet<>();
        underWay.forEach((payer, count) -> {
            if (count >= most) {
                resting.add(payer);
            }
        });
        long busy = suspects.keySet().stream().filter(underWay::containsKey).count();
        suspects.forEach((payer, suspect) -> {
            if (busy >= mostOfSuspects || underWay.containsKey(payer) || suspect.restsUntil() - now > 0) {
                resting.add(payer);
            }
        });
        return resting;
    }

    private void forgetOldest() {
        if (suspects.size() > MOST_SUSPECTS) {
            Iterator<UUID> oldest = suspects.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }
}
