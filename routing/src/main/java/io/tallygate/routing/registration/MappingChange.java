package io.tallygate.routing.registration;

import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What a change does to the mappings that stand: some are superseded, others recorded in their place.
 *
 * @param superseded those that no longer hold as they are
 * @param recorded what holds instead
 */
record MappingChange(List<CustomerSubscription> superseded, List<Stretch> recorded) {
    /** A customer subscription of a tenant from one usage hour until before another; null is open. */
    record Stretch(TenantId tenant, SubscriptionId customerSubscription, Instant from, Instant to) {}

    /** Takes away everything from the given hour on; what began before it keeps its head. */
    static MappingChange endingAt(Instant from, List<CustomerSubscription> standing) {
        MappingChange change = new MappingChange(new ArrayList<>(), new ArrayList<>());
        for (CustomerSubscription mapping : standing) {
            if (mapping.reachesBeyond(from)) {
                change.superseded.add(mapping);
                if (mapping.effectiveFrom().isBefore(from)) {
                    change.recorded.add(new Stretch(
                            mapping.tenant(), mapping.customerSubscription(), mapping.effectiveFrom(), from));
                }
            }
        }
        return change;
    }

    /** The same, and then the given customer subscription with an open end. */
    static MappingChange replacingFrom(
            Instant from, TenantId tenant, SubscriptionId customerSubscription, List<CustomerSubscription> standing) {
        MappingChange change = endingAt(from, standing);
        change.recorded.add(new Stretch(tenant, customerSubscription, from, null));
        return change;
    }
}
