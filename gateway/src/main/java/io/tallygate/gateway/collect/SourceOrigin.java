package io.tallygate.gateway.collect;

import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Where a source is, and what only those of its kind have. */
public sealed interface SourceOrigin {
    /** What kind it is. */
    SourceType type();

    /** Of its API; a path at the end is kept. */
    URI url();

    /**
     * An Azure Stack Hub, or another Tallygate.
     *
     * @param operatorSubscription the default provider subscription there
     * @param withoutProviders delegated providers' subscriptions whose direct tenants are left out
     */
    record Stamp(
            SourceType type,
            URI url,
            SubscriptionId operatorSubscription,
            SourceAccess access,
            Set<SubscriptionId> withoutProviders)
            implements SourceOrigin {
        /** One of which nobody is left out. */
        public Stamp(SourceType type, URI url, SubscriptionId operatorSubscription, SourceAccess access) {
            this(type, url, operatorSubscription, access, Set.of());
        }
    }

    /**
     * OpenStack's CloudKitty.
     *
     * @param access Keystone, which also lists the projects
     * @param region the location of what does not say its region
     * @param meters ids of meters by metric types; those that are not among them are meters of that name
     * @param tenants by the ids of domains, such as {@code default}, that are no UUID
     */
    record CloudKitty(
            URI url,
            SourceAccess.Keystone access,
            Optional<String> region,
            Map<String, String> meters,
            Map<String, TenantId> tenants)
            implements SourceOrigin {
        @Override
        public SourceType type() {
            return SourceType.cloudKitty;
        }
    }
}
