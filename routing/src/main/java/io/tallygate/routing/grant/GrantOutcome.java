package io.tallygate.routing.grant;

import io.tallygate.store.directory.SubscriptionId;

/**
 * What became of a grant that was to be made.
 *
 * @param grant null if it was refused
 * @param notGrantable if it was refused: the subscription that never was a customer subscription, or is the own one of a
 *     registration, to which everyone without a mapping falls back
 */
public record GrantOutcome(UsageGrant grant, SubscriptionId notGrantable) {
    static GrantOutcome refused(SubscriptionId notGrantable) {
        return new GrantOutcome(null, notGrantable);
    }

    static GrantOutcome made(UsageGrant grant) {
        return new GrantOutcome(grant, null);
    }
}
