package io.tallygate.gateway.usage;

import io.tallygate.gateway.auth.Caller;
import io.tallygate.routing.grant.GrantStore;
import io.tallygate.routing.registration.RegistrationStore;
import io.tallygate.store.aggregate.UsageScope;
import io.tallygate.store.directory.Subscription;
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
                .compose(local -> Visibility.readsLocal(caller, subscription, local)
                        ? Future.succeededFuture(new UsageScope.OneSubscription(subscription))
                        : ofPayer(caller, subscription, local));
    }

    // Asked for what is another's too, where the answer is known already: else the time of the refusal would tell.
    private Future<UsageScope> ofPayer(Caller caller, SubscriptionId payer, Subscription local) {
        Future<Boolean> isCsp = registrations.isCspSubscription(payer);
        Future<Boolean> granted = grants.allows(caller.tenantId(), caller.principal(), payer);
        return Future.all(isCsp, granted)
                .map(known -> Visibility.onTenantRoute(caller, payer, local, isCsp.result(), granted.result()));
    }
}
