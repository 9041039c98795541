package io.tallygate.gateway.usage;

import io.tallygate.gateway.auth.Caller;
import io.tallygate.gateway.auth.Role;
import io.tallygate.gateway.http.ApiError;
import io.tallygate.gateway.http.ApiException;
import io.tallygate.gateway.http.RefusalReason;
import io.tallygate.store.aggregate.UsageScope;
import io.tallygate.store.directory.ProviderPeriod;
import io.tallygate.store.directory.Subscription;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.summary.SummaryScope;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Who may see whose usage. Pure: what it decides on is all in its arguments. What is refused looks like what is not there. */
public final class Visibility {
    private Visibility() {}

    /**
     * A caller on the tenant route.
     *
     * @param local null if the path names no local subscription
     * @param granted whether the caller was granted what is routed to that CSP subscription
     */
    static UsageScope onTenantRoute(
            Caller caller, SubscriptionId path, Subscription local, boolean isCspSubscription, boolean granted) {
        if (!caller.mayName(path)) {
            throw refused();
        }
        if (local != null) {
            if (readsLocal(caller, path, local)) {
                return new UsageScope.OneSubscription(path);
            }
        } else if (paysForItsReader(caller, isCspSubscription, granted)) {
            return new UsageScope.PaidBy(path);
        }
        throw refused();
    }

    /** Whether a caller reads a local subscription on the tenant route; {@code local} is null if there is none. */
    static boolean readsLocal(Caller caller, SubscriptionId path, Subscription local) {
        if (local == null || !caller.mayName(path)) {
            return false;
        }
        boolean own = local.tenant().equals(caller.tenantId()) && caller.has(Role.USAGE_READ);
        return own || caller.has(Role.USAGE_READ_ALL);
    }

    private static boolean paysForItsReader(Caller caller, boolean isCspSubscription, boolean granted) {
        boolean readsRouted = caller.has(Role.USAGE_READ_ALL) || caller.has(Role.USAGE_READ_ROUTED);
        return (isCspSubscription && readsRouted) || (granted && caller.has(Role.USAGE_READ));
    }

    /**
     * A caller on the admin route.
     *
     * @param local null if the path names no local subscription
     * @param isProvider whether that subscription has direct tenants, or had
     * @param operatorSubscription the default provider subscription, through which the operator sees everyone
     */
    static UsageScope onAdminRoute(
            Caller caller, Subscription local, boolean isProvider, SubscriptionId operatorSubscription) {
        if (local == null || !caller.mayName(local.id())) {
            throw refused();
        }
        if (local.id().equals(operatorSubscription)) {
            if (caller.has(Role.USAGE_READ_ALL)) {
                return new UsageScope.Everyone();
            }
            throw refused();
        }
        boolean owner = local.tenant().equals(caller.tenantId()) && caller.has(Role.USAGE_READ);
        if (isProvider && (owner || caller.has(Role.USAGE_READ_ALL))) {
            return new UsageScope.DirectTenantsOf(local.id());
        }
        throw refused();
    }

    /**
     * Narrows a provider's scope to one subscriber, and to when that is or was its direct tenant.
     *
     * @param served none if it never was
     */
    static UsageScope narrow(SubscriptionId subscriber, List<ProviderPeriod> served) {
        if (served.isEmpty()) {
            throw notDirectTenant();
        }
        return served.get(0).isWhole()
                ? new UsageScope.OneSubscription(subscriber)
                : new UsageScope.OneServed(subscriber, served);
    }

    /** Narrows the scope of everyone. {@code subscriber} is null if there is no such subscription. */
    static UsageScope narrow(Subscription subscriber) {
        if (subscriber == null) {
            throw notDirectTenant();
        }
        return new UsageScope.OneSubscription(subscriber.id());
    }

    private static ApiException notDirectTenant() {
        return ApiError.SubscriberIdIsNotDirectTenant.because(
                "`subscriberId` is not the subscription of a direct tenant of this provider");
    }

    /** A caller's summary of all that it may see as its own: of a key what it names; the operator sees everything. */
    public static SummaryScope ofSummary(Caller caller) {
        if (caller.has(Role.USAGE_READ_ALL)) {
            return named(caller, SummaryScope.everyone());
        }
        if (caller.has(Role.USAGE_READ)) {
            return named(caller, SummaryScope.of(caller.tenantId()));
        }
        throw refused();
    }

    private static SummaryScope named(Caller caller, SummaryScope scope) {
        return caller.key().map(key -> scope.within(key.subscriptions())).orElse(scope);
    }

    /**
     * A caller's summary of one subscription: its own, that of a direct tenant as long as it is or was one, or the operator's
     * of any.
     *
     * @param local null if there is no such subscription
     * @param providers whose direct tenant's it is or was; none likewise
     */
    public static SummaryScope ofSubscriptionsSummary(
            Caller caller, Subscription local, List<Subscription> providers, SubscriptionId operatorSubscription) {
        if (local == null || !caller.mayName(local.id())) {
            throw refused();
        }
        if (readsLocal(caller, local.id(), local)) {
            return SummaryScope.of(local.id());
        }
        // Everyone is a direct tenant of the default provider subscription: that takes more.
        Set<SubscriptionId> own = providers.stream()
                .filter(provider -> !provider.id().equals(operatorSubscription)
                        && provider.tenant().equals(caller.tenantId())
                        && caller.has(Role.USAGE_READ))
                .map(Subscription::id)
                .collect(Collectors.toSet());
        if (own.isEmpty()) {
            throw refused();
        }
        return SummaryScope.servedBy(own).within(Set.of(local.id()));
    }

    /** A caller's summary of a provider's direct tenants, where it may read them on the admin route; as there. */
    public static SummaryScope ofProvidersSummary(
            Caller caller, Subscription local, boolean isProvider, SubscriptionId operatorSubscription) {
        return onAdminRoute(caller, local, isProvider, operatorSubscription) instanceof UsageScope.Everyone
                ? SummaryScope.everyone()
                : SummaryScope.directTenantsOf(local.id());
    }

    static ApiException refused() {
        return ApiError.AuthorizationFailed.because(
                RefusalReason.NOT_YOURS,
                "You may not read this, or it does not exist: a tenant reads its own subscriptions, a provider those of its"
                        + " direct tenants");
    }
}
