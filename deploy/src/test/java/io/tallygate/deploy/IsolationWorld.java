package io.tallygate.deploy;

import static io.tallygate.deploy.testing.TestWorld.CORE_HOURS;
import static io.tallygate.deploy.testing.TestWorld.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.deploy.demo.TokenMint;
import io.tallygate.deploy.testing.HttpCaller;
import io.tallygate.deploy.testing.TestGateway;
import io.tallygate.deploy.testing.TestIdentity;
import io.tallygate.deploy.testing.TestWorld;
import io.tallygate.gateway.auth.Role;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import io.tallygate.store.testing.TestPostgres;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Tenants with usage that is sealed and routed: A and B, D without a role, two delegated providers with a direct tenant
 * each, one below the first one's, one that moved from the first to the second and has been used since, one that claims the
 * operator's roles; and every kind of caller. A's usage is paid by {@link #payer}, which
 * a reseller reads by a grant, everyone else's by {@link #base}.
 */
final class IsolationWorld implements AutoCloseable {
    final TestGateway gateway = TestGateway.over(TestPostgres.fresh());
    final Instant hour = Instant.now().truncatedTo(ChronoUnit.HOURS);
    final UUID base = UUID.randomUUID();
    final UUID payer = UUID.randomUUID();
    final SubscriptionId operators = TestGateway.OPERATOR_SUBSCRIPTION;
    final Member a;
    final Member b;
    final Member noRole;
    final Member provider1;
    final Member provider2;
    final Member direct1;
    final Member direct2;
    final Member moved;
    final Member below;
    final Member pretender;
    final Member reseller;
    private final String aKey;
    private final String provider1Key;
    private final String operatorKey;

    /** A tenant with its subscription. */
    record Member(TenantId tenant, SubscriptionId subscription) {}

    /**
     * Who calls.
     *
     * @param column the column of the table that says what it may expect
     * @param own its own tenant's subscription
     * @param named the only subscriptions that its API key may name; null if it calls with a token
     * @param granted customer subscriptions whose routed usage it may read
     * @param strangers ids that no answer to it may hold, whatever it asks
     */
    record Caller(
            String name,
            String column,
            HttpCaller http,
            SubscriptionId own,
            Set<String> named,
            Set<String> granted,
            Set<String> strangers) {}

    IsolationWorld() {
        TestWorld world = new TestWorld(gateway);
        String registration = world.registration(base, "north");
        a = member(world, "");
        b = member(world, "");
        noRole = member(world, "");
        provider1 = member(world, "");
        provider2 = member(world, "");
        direct1 = member(world, under(provider1));
        direct2 = member(world, under(provider2));
        moved = member(world, under(provider1));
        move(moved, provider2, hour.truncatedTo(ChronoUnit.DAYS));
        below = member(world, under(direct1));
        pretender = member(world, "");
        reseller = member(world, "");
        assertThat(world.map(registration, payer, a.tenant(), null).status()).isEqualTo(200);
        StringBuilder events = new StringBuilder();
        everySubscription().forEach(id -> events.append(event(id + "/1", id, CORE_HOURS, "1.5", hour)));
        assertThat(world.post(events.toString(), false).path("Accepted").asInt())
                .isEqualTo(12);
        world.post(event("quarantined", new SubscriptionId(UUID.randomUUID()), CORE_HOURS, "1", hour), false);
        world.post(event(a.subscription() + "/1", a.subscription(), CORE_HOURS, "2", hour), false);
        world.sealThrough(end());
        aKey = world.key(
                HttpCaller.of(gateway, a.tenant(), Role.USAGE_READ),
                a.subscription().value());
        provider1Key = world.key(
                HttpCaller.of(gateway, provider1.tenant(), Role.USAGE_READ),
                provider1.subscription().value());
        operatorKey =
                world.key(HttpCaller.of(gateway, TestIdentity.OPERATOR, Role.USAGE_READ_ALL), operators.value(), payer);
        world.grant(reseller.tenant(), null, payer);
    }

    private static Member member(TestWorld world, String moreFields) {
        TenantId tenant = new TenantId(UUID.randomUUID());
        return new Member(tenant, world.subscription(tenant, moreFields));
    }

    private static String under(Member provider) {
        return ",\"delegatedProviderSubscriptionId\":\"" + provider.subscription() + "\"";
    }

    // Nobody may: it is in the past.
    private void move(Member member, Member provider, Instant from) {
        gateway.postgres().execute("""
                update subscription_provider set effective_to = '%3$s' where subscription_id = '%1$s';
                insert into subscription_provider (subscription_id, provider_subscription_id, effective_from, effective_to)
                values ('%1$s', '%2$s', '%3$s', 'infinity')
                """.formatted(member.subscription(), provider.subscription(), from));
    }

    private List<Member> members() {
        return List.of(a, b, noRole, provider1, provider2, direct1, direct2, moved, below, pretender, reseller);
    }

    /** All subscriptions with usage. */
    List<SubscriptionId> everySubscription() {
        List<SubscriptionId> all = new java.util.ArrayList<>(
                members().stream().map(Member::subscription).toList());
        all.add(operators);
        return all;
    }

    /** The end of the hour that is sealed. */
    Instant end() {
        return hour.plus(1, ChronoUnit.HOURS);
    }

    /** Every kind of caller. */
    List<Caller> callers() {
        Instant soon = Instant.now().plus(1, ChronoUnit.HOURS);
        Instant past = Instant.now().minus(Duration.ofMinutes(2));
        TestIdentity identity = TestIdentity.get();
        return List.of(
                outsider("no caller", null),
                outsider("other audience", identity.token(TestIdentity.OPERATOR, "https://other", soon, Role.values())),
                outsider(
                        "expired token",
                        identity.token(TestIdentity.OPERATOR, TokenMint.AUDIENCE, past, Role.values())),
                member("tenant A", "tenant", a, Set.of(), Role.USAGE_READ),
                member("tenant B", "tenant", b, Set.of(), Role.USAGE_READ),
                member("claims the operator's roles", "tenant", pretender, Set.of(), Role.values()),
                member("no role", "norole", noRole, Set.of()),
                member("provider 1", "prov1", provider1, Set.of(direct1), Role.USAGE_READ),
                member("provider 2", "prov2", provider2, Set.of(direct2, moved), Role.USAGE_READ),
                operator("operator", "all", Set.of(), Role.values()),
                operator("reads everyone's", "rdall", Set.of(), Role.USAGE_READ_ALL),
                operator("operator tenant's own", "rdown", Set.copyOf(members()), Role.USAGE_READ),
                operator("reads routed", "routed", Set.of(), Role.USAGE_READ_ROUTED),
                operator("reporter", "report", Set.copyOf(members()), Role.USAGE_REPORT),
                operator("registrar", "regis", Set.of(), Role.REGISTRATION_READ_WRITE),
                granted(),
                withKey("A's key", aKey, member("A", "tenant", a, Set.of(), Role.USAGE_READ), a.subscription()),
                withKey(
                        "provider 1's key",
                        provider1Key,
                        member("P", "prov1", provider1, Set.of(direct1), Role.USAGE_READ),
                        provider1.subscription()),
                withKey(
                        "an operator's key",
                        operatorKey,
                        operator("O", "rdall", Set.of(), Role.USAGE_READ_ALL),
                        operators,
                        new SubscriptionId(payer)));
    }

    /** The caller of that name. */
    Caller caller(String name) {
        return callers().stream()
                .filter(caller -> caller.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private Caller outsider(String name, String token) {
        HttpCaller http = token == null ? HttpCaller.anonymous(gateway) : HttpCaller.bearing(gateway, token);
        return new Caller(name, "out", http, a.subscription(), null, Set.of(), strangers(Set.copyOf(members())));
    }

    private Caller member(String name, String column, Member self, Set<Member> directTenants, Role... roles) {
        Set<Member> others = new HashSet<>(members());
        others.remove(self);
        others.removeAll(directTenants);
        Set<String> strangers = strangers(others);
        strangers.add(operators.toString());
        strangers.add(TestIdentity.OPERATOR.toString());
        return new Caller(
                name,
                column,
                HttpCaller.of(gateway, self.tenant(), roles),
                self.subscription(),
                null,
                Set.of(),
                strangers);
    }

    // Whose usage it reads is in the rows.
    private Caller granted() {
        Caller caller = member("reseller with a grant", "tenant", reseller, Set.of(), Role.USAGE_READ);
        Set<String> strangers = new HashSet<>(caller.strangers());
        strangers.removeAll(
                Set.of(payer.toString(), a.subscription().toString(), a.tenant().toString()));
        return new Caller(
                caller.name(), caller.column(), caller.http(), caller.own(), null, Set.of(payer.toString()), strangers);
    }

    private Caller withKey(String name, String key, Caller maker, SubscriptionId... named) {
        return new Caller(
                name,
                maker.column(),
                HttpCaller.withKey(gateway, key),
                maker.own(),
                Arrays.stream(named).map(SubscriptionId::toString).collect(Collectors.toSet()),
                Set.of(),
                maker.strangers());
    }

    private Caller operator(String name, String column, Set<Member> hidden, Role... roles) {
        return new Caller(
                name,
                column,
                HttpCaller.of(gateway, TestIdentity.OPERATOR, roles),
                operators,
                null,
                Set.of(),
                hidden.isEmpty() ? Set.of() : strangers(hidden));
    }

    private Set<String> strangers(Set<Member> others) {
        Set<String> ids = new HashSet<>(Set.of(base.toString(), payer.toString()));
        others.forEach(member -> {
            ids.add(member.tenant().toString());
            ids.add(member.subscription().toString());
        });
        return ids;
    }

    @Override
    public void close() {
        gateway.close();
    }
}
