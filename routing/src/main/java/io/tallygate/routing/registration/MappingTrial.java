package io.tallygate.routing.registration;

import io.tallygate.routing.registration.CustomerSubscriptionOutcome.Kind;
import io.tallygate.store.directory.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * What a change of mappings would do, found out by doing it in a transaction that is rolled back.
 *
 * @param kind what would become of it; {@code Unchanged} also where there is nothing to end
 * @param mapping the one that is put, as it would stand, under an id that nobody will see again if it is new; null if
 *     there is none
 * @param ended those that stand now and that it ends, shortens or takes away, as they stand now, in order of time
 * @param from the first usage hour that it is about; null if it is refused
 * @param tenants whose mappings it is about
 */
public record MappingTrial(
        Kind kind,
        CustomerSubscription mapping,
        List<CustomerSubscription> ended,
        Instant from,
        Set<TenantId> tenants) {
    /** Copies that nobody changes. */
    public MappingTrial {
        ended = List.copyOf(ended);
        tenants = Set.copyOf(tenants);
    }

    static MappingTrial refused(Kind kind) {
        return new MappingTrial(kind, null, List.of(), null, Set.of());
    }

    /** Whether it would be refused. */
    public boolean isRefused() {
        return kind != Kind.Recorded && kind != Kind.Unchanged;
    }
}
