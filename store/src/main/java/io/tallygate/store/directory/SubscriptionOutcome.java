package io.tallygate.store.directory;

import java.time.Instant;

/**
 * What became of a subscription that was put.
 *
 * @param earliest from when it may move at the earliest; null unless it was to move earlier
 */
public record SubscriptionOutcome(Kind kind, Instant earliest) {
    /** The outcomes. All but the first are refusals, which change nothing. */
    public enum Kind {
        /** It is so now, or was so already. */
        Done,
        /** It belongs to another tenant, or somebody else has just created it with another provider. */
        BelongsToAnother,
        /** It was to move in the past, or so early that usage may be sealed that would change hands. */
        MovesTooEarly,
        /** The provider is below it, now or at a time to come. */
        ProviderIsBelow
    }

    static SubscriptionOutcome of(Kind kind) {
        return new SubscriptionOutcome(kind, null);
    }

    /** Whether it was not refused. */
    public boolean isDone() {
        return kind == Kind.Done;
    }
}
