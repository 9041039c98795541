package io.tallygate.gateway.audit;

import io.tallygate.gateway.auth.Caller;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Sums up what was refused, by caller. Its memory is bounded, whoever calls how often from wherever: unknown callers have
 * one sum, and when there are too many known ones, so have the later ones.
 */
public final class RefusalSums implements RefusalObserver {
    /** The most callers with a sum of their own. */
    static final int MOST_CALLERS = 100;

    private final Clock clock;
    private final ConcurrentMap<Who, RefusalSum> sums = new ConcurrentHashMap<>();

    /**
     * Whose refusals a sum counts.
     *
     * @param tenant null for all of {@link #UNKNOWN} or {@link #OTHERS}
     */
    public record Who(UUID tenant, String subject) {
        /** Those who did not say who they are, or not credibly. */
        public static final Who UNKNOWN = new Who(null, "(unknown callers)");

        /** Known callers beyond those who have a sum of their own. */
        public static final Who OTHERS = new Who(null, "(other callers)");
    }

    /** Starts with nothing. */
    public RefusalSums(Clock clock) {
        this.clock = clock;
    }

    // Each count is made while the sum is in the map: none is lost to somebody who takes it out meanwhile.
    @Override
    public void refused(Refusal refusal) {
        sums.compute(
                who(refusal.caller()),
                (who, before) -> (before == null ? new RefusalSum(who) : before).count(refusal, clock.instant()));
    }

    /** Takes all sums out. */
    public List<RefusalSum> take() {
        List<RefusalSum> taken = new ArrayList<>();
        for (Who who : sums.keySet()) {
            RefusalSum sum = sums.remove(who);
            if (sum != null) {
                taken.add(sum);
            }
        }
        return taken;
    }

    /** Puts back what was taken and could not be kept elsewhere. */
    public void putBack(List<RefusalSum> taken) {
        taken.forEach(sum -> sums.compute(
                room(sum.who()), (who, before) -> (before == null ? new RefusalSum(who) : before).plus(sum)));
    }

    private Who who(Optional<Caller> caller) {
        return caller.map(known -> room(new Who(known.tenantId().value(), known.subject())))
                .orElse(Who.UNKNOWN);
    }

    private Who room(Who who) {
        return who.tenant() == null || sums.size() < MOST_CALLERS || sums.containsKey(who) ? who : Who.OTHERS;
    }
}
