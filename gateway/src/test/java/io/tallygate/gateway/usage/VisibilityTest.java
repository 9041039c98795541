package io.tallygate.gateway.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallygate.gateway.auth.ApiKeyScope;
import io.tallygate.gateway.auth.Caller;
import io.tallygate.gateway.auth.Role;
import io.tallygate.gateway.http.ApiError;
import io.tallygate.gateway.http.ApiException;
import io.tallygate.store.Viewer;
import io.tallygate.store.aggregate.UsageScope;
import io.tallygate.store.directory.ProviderPeriod;
import io.tallygate.store.directory.Subscription;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import io.tallygate.store.summary.SummaryScope;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class VisibilityTest {
    private static final SubscriptionId OPERATORS = new SubscriptionId(UUID.randomUUID());
    private static final TenantId TENANT = new TenantId(UUID.randomUUID());
    private static final TenantId OTHER = new TenantId(UUID.randomUUID());
    private static final Subscription OWN = subscription(TENANT, OPERATORS);
    private static final Subscription CUSTOMER = subscription(OTHER, OWN.id());

    private final Caller tenant = new Caller(TENANT, "t", Set.of(Role.USAGE_READ), false);
    private final Caller operator = new Caller(OTHER, "o", Set.of(Role.USAGE_READ_ALL), true);
    private final Caller routed = new Caller(OTHER, "r", Set.of(Role.USAGE_READ_ROUTED), true);

    @Test
    void tenantReadsItsOwnSubscriptionOnly() {
        assertThat(Visibility.onTenantRoute(tenant, OWN.id(), OWN, false, false))
                .isEqualTo(new UsageScope.OneSubscription(OWN.id()));
        assertRefused(() -> Visibility.onTenantRoute(tenant, CUSTOMER.id(), CUSTOMER, false, false));
        assertRefused(() -> Visibility.onTenantRoute(tenant, OWN.id(), null, false, false));
        assertRefused(
                () -> Visibility.onTenantRoute(new Caller(TENANT, "t", Set.of(), false), OWN.id(), OWN, false, false));
    }

    @Test
    void cspSubscriptionIsForTheOperatorAndItsRoutedReaders() {
        SubscriptionId payer = new SubscriptionId(UUID.randomUUID());
        assertThat(Visibility.onTenantRoute(operator, payer, null, true, false))
                .isEqualTo(new UsageScope.PaidBy(payer));
        assertThat(Visibility.onTenantRoute(routed, payer, null, true, false)).isEqualTo(new UsageScope.PaidBy(payer));
        assertRefused(() -> Visibility.onTenantRoute(tenant, payer, null, true, false));
        assertRefused(() -> Visibility.onTenantRoute(routed, OWN.id(), OWN, false, false));
    }

    @Test
    void aGrantShowsWhatIsRoutedToWhoReadsUsage() {
        SubscriptionId payer = new SubscriptionId(UUID.randomUUID());
        assertThat(Visibility.onTenantRoute(tenant, payer, null, true, true)).isEqualTo(new UsageScope.PaidBy(payer));
        assertRefused(
                () -> Visibility.onTenantRoute(new Caller(TENANT, "t", Set.of(), false), payer, null, true, true));
        assertRefused(() -> Visibility.onTenantRoute(tenant, CUSTOMER.id(), CUSTOMER, false, true));
    }

    @Test
    void aKeyReadsWhatItsMakerReadsOfWhatItNames() {
        SubscriptionId payer = new SubscriptionId(UUID.randomUUID());
        Caller key = key(Set.of(Role.USAGE_READ), OWN.id(), payer, CUSTOMER.id());
        assertThat(Visibility.onTenantRoute(key, OWN.id(), OWN, false, false))
                .isEqualTo(new UsageScope.OneSubscription(OWN.id()));
        assertThat(Visibility.onAdminRoute(key, OWN, true, OPERATORS))
                .isEqualTo(new UsageScope.DirectTenantsOf(OWN.id()));
        assertThat(Visibility.onTenantRoute(key, payer, null, true, true)).isEqualTo(new UsageScope.PaidBy(payer));
        assertRefused(() -> Visibility.onTenantRoute(key, payer, null, true, false));
        assertRefused(() -> Visibility.onTenantRoute(key, CUSTOMER.id(), CUSTOMER, false, false));

        Caller other = key(Set.of(Role.USAGE_READ), payer);
        assertRefused(() -> Visibility.onTenantRoute(other, OWN.id(), OWN, false, false));
        assertRefused(() -> Visibility.onAdminRoute(other, OWN, true, OPERATORS));
    }

    @Test
    void aKeyHasNoRolesButThoseThatRead() {
        ApiKeyScope scope = new ApiKeyScope(UUID.randomUUID(), "maker", Set.of(OPERATORS));
        Caller key = new Caller(OTHER, "key", Set.of(Role.values()), true, Optional.of(scope));
        assertThat(key.roles()).isEqualTo(Role.READING);
        assertThat(key.principal()).isEqualTo("maker");
        assertThat(new Caller(TENANT, "key", Set.of(Role.values()), false, Optional.of(scope)).roles())
                .containsExactly(Role.USAGE_READ);
    }

    private static Caller key(Set<Role> roles, SubscriptionId... named) {
        ApiKeyScope scope = new ApiKeyScope(UUID.randomUUID(), "maker", Set.of(named));
        return new Caller(TENANT, "key", roles, false, Optional.of(scope));
    }

    @Test
    void providerReadsItsDirectTenantsAndTheOperatorEveryone() {
        assertThat(Visibility.onAdminRoute(tenant, OWN, true, OPERATORS))
                .isEqualTo(new UsageScope.DirectTenantsOf(OWN.id()));
        assertRefused(() -> Visibility.onAdminRoute(tenant, OWN, false, OPERATORS));
        assertRefused(() -> Visibility.onAdminRoute(tenant, CUSTOMER, true, OPERATORS));
        assertRefused(() -> Visibility.onAdminRoute(operator, null, false, OPERATORS));
        Subscription operators = subscription(OTHER, OPERATORS);
        assertThat(Visibility.onAdminRoute(operator, operators, true, operators.id()))
                .isEqualTo(new UsageScope.Everyone());
        assertRefused(() -> Visibility.onAdminRoute(
                new Caller(OTHER, "x", Set.of(Role.USAGE_READ), true), operators, true, operators.id()));
    }

    @Test
    void subscriberMustBeADirectTenantAndIsReadAsLongAsItIsOrWas() {
        SubscriptionId id = CUSTOMER.id();
        assertThat(Visibility.narrow(id, List.of(new ProviderPeriod(null, null))))
                .isEqualTo(new UsageScope.OneSubscription(id));
        List<ProviderPeriod> before = List.of(new ProviderPeriod(null, Instant.EPOCH));
        assertThat(Visibility.narrow(id, before)).isEqualTo(new UsageScope.OneServed(id, before));
        assertThat(Visibility.narrow(CUSTOMER)).isEqualTo(new UsageScope.OneSubscription(id));
        assertThatThrownBy(() -> Visibility.narrow(id, List.of())).isInstanceOf(ApiException.class);
        assertThatThrownBy(() -> Visibility.narrow(null)).isInstanceOf(ApiException.class);
    }

    @Test
    void aSummaryOfOneSubscriptionIsOfWhenTheCallersProviderServesIt() {
        Subscription other = subscription(OTHER, OPERATORS);
        assertThat(Visibility.ofSubscriptionsSummary(tenant, OWN, List.of(other), OPERATORS))
                .isEqualTo(SummaryScope.of(OWN.id()));
        assertThat(Visibility.ofSubscriptionsSummary(tenant, CUSTOMER, List.of(OWN, other), OPERATORS))
                .isEqualTo(SummaryScope.servedBy(Set.of(OWN.id())).within(Set.of(CUSTOMER.id())));
        assertThat(Visibility.ofSubscriptionsSummary(operator, CUSTOMER, List.of(OWN), OPERATORS))
                .isEqualTo(SummaryScope.of(CUSTOMER.id()));
        assertRefused(() -> Visibility.ofSubscriptionsSummary(tenant, CUSTOMER, List.of(other), OPERATORS));
        assertRefused(() -> Visibility.ofSubscriptionsSummary(tenant, CUSTOMER, List.of(OWN), OWN.id()));
        assertRefused(() -> Visibility.ofSubscriptionsSummary(tenant, null, List.of(), OPERATORS));
    }

    @Test
    void theSecondWallGoesByTheTokenAlone() {
        assertThat(tenant.viewer()).isEqualTo(Viewer.ofTenant(TENANT.value()));
        assertThat(new Caller(TENANT, "x", Set.of(Role.values()), false).viewer())
                .as("roles that do not count")
                .isEqualTo(Viewer.ofTenant(TENANT.value()));
        assertThat(operator.viewer()).isEqualTo(Viewer.operator());
        assertThat(routed.viewer()).isEqualTo(Viewer.operator());
        for (Role own : Set.of(Role.USAGE_READ, Role.USAGE_REPORT)) {
            assertThat(new Caller(OTHER, "x", Set.of(own), true).viewer()).isEqualTo(Viewer.ofTenant(OTHER.value()));
        }
    }

    private static void assertRefused(ThrowingCallable asked) {
        assertThatThrownBy(asked)
                .isInstanceOfSatisfying(
                        ApiException.class,
                        refusal -> assertThat(refusal.error()).isEqualTo(ApiError.AuthorizationFailed));
    }

    private static Subscription subscription(TenantId tenant, SubscriptionId provider) {
        return new Subscription(
                new SubscriptionId(UUID.randomUUID()), tenant, "", "", Subscription.State.Enabled, provider, null);
    }
}
