package io.tallygate.routing.desk;

import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import java.time.Instant;
import java.util.UUID;

/**
 * Which events to show; null is any.
 *
 * @param tenant with usage of this tenant among its rows
 * @param reason why the event is where it is, as {@code OutcomeUnknown}
 * @param submission that were sent with this request
 * @param from events whose latest row was reported at this time or later
 * @param to events whose latest row was reported before this time
 */
public record EventFilter(
        SubscriptionId payer,
        TenantId tenant,
        EventState state,
        String reason,
        String endpoint,
        UUID submission,
        Instant from,
        Instant to) {
    /** All events. */
    public static final EventFilter ANY = new EventFilter(null, null, null, null, null, null, null, null);

    /** Whether nothing but the tenant (and times and the endpoint) makes them few. */
    boolean isOfTenantAlone() {
        return tenant != null
                && payer == null
                && reason == null
                && submission == null
                && (state == null || state == EventState.DELIVERED);
    }
}
