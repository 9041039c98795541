package io.tallygate.gateway.usage;

import io.tallygate.gateway.auth.Caller;
import io.tallygate.routing.grant.GrantStore;
import io.tallygate.routing.registration.RegistrationStore;
import io.tallygate.store.aggregate.UsageScope;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.SubscriptionStore;
import io.vertx.core.Future;

/** What a caller may see of a subscription on the tenant route, with what that takes to know. */
public final class TenantScopes {
    private final SubscriptionStore subscriptions;
    private final RegistrationStore registrations;
    private final GrantStore grants;

    /** Looks into these stores. */
    public TenantScopes(SubscriptionStore subscriptions, RegistrationStore registrations, GrantStore grants) {
        this.subscriptions = subscriptions;
        this.registrations = registrations;
        this.grants = grants;
    }

    /** The scope; or it fails as for what does not exist, with {@code AuthorizationFailed}. */
    public Future<UsageScope> of(Caller caller, SubscriptionId subscription) {
        return subscriptions
                .find(subscription)
                .compose(local -> local != null
                        ? Future.succeededFuture(Visibility.onTenantRoute(caller, subscription, local, false, false))
                        : ofPayer(caller, subscription));
    }

    private Future<UsageScope> ofPayer(Caller caller, SubscriptionId payer) {
        Future<Boolean> isCsp = registrations.isCspSubscription(payer);
        Future<Boolean> granted = grants.allows(caller.tenantId(), caller.principal(), payer);
        return Future.all(isCsp, granted)
                .map(known -> Visibility.onTenantRoute(caller, payer, null, isCsp.result(), granted.result()));
    }
}
