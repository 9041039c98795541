package io.tallygate.store.directory;

import static io.tallygate.store.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tallygate.store.directory.SubscriptionOutcome.Kind;
import io.tallygate.store.testing.StoreWorld;
import io.vertx.core.Future;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A subscription moves to another provider: when, over what, and who refuses. */
class ProviderMoveIT {
    private static final String PERIODS = """
            select provider_subscription_id, effective_from, effective_to, recorded_by from subscription_provider
            where subscription_id = '%s' order by effective_from""";

    private static StoreWorld world;
    private static SubscriptionStore subscriptions;
    private static ProviderStore providers;

    // The operator's is above the distributor's, that above two resellers', the first of them above the customer's.
    private final SubscriptionId distributor = create(world.subscription);
    private final SubscriptionId reseller = create(distributor);
    private final SubscriptionId other = create(distributor);
    private final SubscriptionId customer = create(reseller);

    @BeforeAll
    static void open() {
        world = new StoreWorld();
        subscriptions = new SubscriptionStore(world.database);
        providers = new ProviderStore(world.database);
    }

    @AfterAll
    static void close() {
        world.close();
    }

    private static SubscriptionId create(SubscriptionId provider) {
        SubscriptionId id = new SubscriptionId(UUID.randomUUID());
        TenantId tenant = new TenantId(UUID.randomUUID());
        Subscription made = new Subscription(id, tenant, "Test", "", Subscription.State.Enabled, provider, null);
        assertThat(put(made, null)).isEqualTo(Kind.Done);
        return id;
    }

    private static Kind put(Subscription wanted, Instant from) {
        return await(subscriptions.put(wanted, from, StoreWorld.OPERATOR)).kind();
    }

    private static Kind move(SubscriptionId subscription, SubscriptionId provider, Instant from) {
        return put(find(subscription).under(provider), from);
    }

    private static Subscription find(SubscriptionId id) {
        return await(subscriptions.find(id));
    }

    private static ScheduledProvider scheduled(SubscriptionId id) {
        return await(providers.scheduled()).get(id);
    }

    // The first one that may be asked for: as the store has it, seen by a move that is taken back.
    private Instant midnight() {
        SubscriptionId probe = create(reseller);
        assertThat(move(probe, other, null)).isEqualTo(Kind.Done);
        Instant from = scheduled(probe).from();
        assertThat(from).isEqualTo(from.truncatedTo(ChronoUnit.DAYS)).isAfter(Instant.now());
        return from;
    }

    private static long audited(SubscriptionId id) {
        return Long.parseLong(world.postgres
                .query("select count(*) from audit_entry where target = '/subscriptions/" + id + "'")
                .get(0));
    }

    @Test
    void itMovesWithTheNextMidnightAndIsTheOnesOfBeforeUntilThen() {
        Instant midnight = midnight();
        assertThat(move(customer, other, null)).isEqualTo(Kind.Done);
        assertThat(find(customer).providerSubscription()).isEqualTo(reseller);
        assertThat(scheduled(customer)).isEqualTo(new ScheduledProvider(other, midnight, "operator"));
        assertThat(midnight).isBeforeOrEqualTo(Instant.now().plus(Duration.ofMinutes(24 * 60 + 16)));
        assertThat(world.postgres.query("select count(*) from (" + PERIODS.formatted(customer) + ") p"))
                .containsExactly("2");
        assertThat(await(providers.isProvider(other)))
                .as("not before it serves")
                .isFalse();
        assertThat(await(providers.served(other, customer))).isEmpty();
        assertThat(await(providers.served(reseller, customer))).containsExactly(new ProviderPeriod(null, midnight));
        assertThat(await(subscriptions.providersOf(customer)))
                .extracting(Subscription::id)
                .containsExactly(reseller);
        assertThat(world.postgres.query("select detail::json -> 'scheduled' ->> 'before',"
                        + " detail::json #>> '{scheduled,after,delegatedProviderSubscriptionId}',"
                        + " detail::json #>> '{after,delegatedProviderSubscriptionId}' from audit_entry"
                        + " where target = '/subscriptions/" + customer + "' order by audit_id desc limit 1"))
                .containsExactly("null|" + other + "|" + reseller);
    }

    @Test
    void whatIsScheduledIsRepeatedReplacedAndTakenBack() {
        Instant later = midnight().plus(9, ChronoUnit.DAYS);
        assertThat(move(customer, other, later)).isEqualTo(Kind.Done);
        assertThat(move(customer, other, later)).isEqualTo(Kind.Done);
        assertThat(audited(customer)).as("the same again is no change").isEqualTo(2);
        assertThat(put(find(customer), null)).as("what is in force").isEqualTo(Kind.Done);
        assertThat(scheduled(customer).from()).isEqualTo(later);

        Instant sooner = later.minus(3, ChronoUnit.DAYS);
        assertThat(move(customer, distributor, sooner)).isEqualTo(Kind.Done);
        assertThat(scheduled(customer)).isEqualTo(new ScheduledProvider(distributor, sooner, "operator"));

        assertThat(move(customer, reseller, sooner)).isEqualTo(Kind.Done);
        assertThat(scheduled(customer)).isNull();
        assertThat(await(providers.served(reseller, customer))).containsExactly(new ProviderPeriod(null, null));
        assertThat(move(customer, reseller, sooner)).isEqualTo(Kind.Done);
        assertThat(audited(customer)).isEqualTo(4);
    }

    @Test
    void nothingMovesInThePastOrToAnotherTenant() {
        Instant midnight = midnight();
        SubscriptionOutcome outcome = await(subscriptions.put(
                find(customer).under(other), midnight.minus(1, ChronoUnit.DAYS), StoreWorld.OPERATOR));
        assertThat(outcome).isEqualTo(new SubscriptionOutcome(Kind.MovesTooEarly, midnight));
        Subscription found = find(customer);
        assertThat(put(
                        new Subscription(
                                customer, new TenantId(UUID.randomUUID()), "x", "", found.state(), other, null),
                        null))
                .isEqualTo(Kind.BelongsToAnother);
        assertThat(find(customer)).isEqualTo(found);
        assertThat(scheduled(customer)).isNull();
    }

    // Whoever closes windows holds its lock: the move waits, and then begins after what was closed.
    @Test
    void whatIsClosedMeanwhileIsNotMoved() throws SQLException {
        Instant midnight = midnight();
        String before =
                world.postgres.query("select closed_through from window_state").get(0);
        try (Connection closing = world.postgres.connect()) {
            closing.setAutoCommit(false);
            closing.createStatement()
                    .execute("select pg_advisory_xact_lock(hashtextextended('tallygate windows', 0));"
                            + " update window_state set closed_through = '" + midnight
                            + "'::timestamptz + interval '1 h'");
            Future<SubscriptionOutcome> moved =
                    subscriptions.put(find(customer).under(other), null, StoreWorld.OPERATOR);
            await().until(() -> world.postgres
                    .query("select count(*) from pg_locks where locktype = 'advisory' and not granted"
                            + " and database = (select oid from pg_database where datname = current_database())")
                    .equals(List.of("1")));
            closing.commit();
            assertThat(await(moved).kind()).isEqualTo(Kind.Done);
        } finally {
            world.postgres.execute("update window_state set closed_through = "
                    + (before.equals("null") ? "null" : "'" + before + "'"));
        }
        assertThat(scheduled(customer).from()).isEqualTo(midnight.plus(1, ChronoUnit.DAYS));
    }

    @Test
    void nobodyIsBelowItselfNowOrLater() {
        Instant midnight = midnight();
        assertThat(move(distributor, customer, null)).isEqualTo(Kind.ProviderIsBelow);
        assertThat(move(distributor, reseller, midnight.plus(1, ChronoUnit.DAYS)))
                .isEqualTo(Kind.ProviderIsBelow);
        assertThat(move(reseller, reseller, null)).isEqualTo(Kind.ProviderIsBelow);
        assertThat(move(world.subscription, customer, null)).isEqualTo(Kind.ProviderIsBelow);
        assertThat(scheduled(distributor)).isNull();

        // From the third day on the customer's is not below the reseller's: then, and not a day before, it may be above
        // it.
        Instant third = midnight.plus(2, ChronoUnit.DAYS);
        assertThat(move(customer, distributor, third)).isEqualTo(Kind.Done);
        assertThat(move(reseller, customer, third.minus(1, ChronoUnit.DAYS))).isEqualTo(Kind.ProviderIsBelow);
        assertThat(move(reseller, customer, third)).isEqualTo(Kind.Done);
        assertThat(move(customer, reseller, third)).as("taken back").isEqualTo(Kind.ProviderIsBelow);
    }

    @Test
    void ofTwoThatMoveBelowEachOtherAtOnceOneIsRefused() {
        for (int i = 0; i < 5; i++) {
            SubscriptionId one = create(distributor);
            SubscriptionId two = create(distributor);
            Future<SubscriptionOutcome> first = subscriptions.put(find(one).under(two), null, StoreWorld.OPERATOR);
            Future<SubscriptionOutcome> second = subscriptions.put(find(two).under(one), null, StoreWorld.OPERATOR);
            assertThat(List.of(await(first).kind(), await(second).kind()))
                    .containsExactlyInAnyOrder(Kind.Done, Kind.ProviderIsBelow);
        }
    }

    @Test
    void theDatabaseItselfKeepsOneProviderAtEachInstantAndThePast() {
        Instant midnight = midnight();
        assertThat(move(customer, other, midnight)).isEqualTo(Kind.Done);
        String of = " where subscription_id = '" + customer + "'";
        assertRefused("update subscription_provider set effective_to = effective_to - interval '1 day'" + of
                + " and effective_from = '-infinity'");
        assertRefused("delete from subscription_provider" + of + " and effective_from > '-infinity'");
        assertRefused("insert into subscription_provider (subscription_id, provider_subscription_id, effective_from,"
                + " effective_to) values ('" + customer + "', '" + other + "', '" + midnight.plusSeconds(3600)
                + "', '" + midnight.plusSeconds(86_400) + "')");
        world.postgres.execute("begin; update subscription_provider set effective_to = '2020-01-01Z'" + of
                + " and effective_from = '-infinity'; update subscription_provider set effective_from = '2020-01-01Z'"
                + of
                + " and effective_from > '-infinity'; commit");
        assertThat(find(customer).providerSubscription()).isEqualTo(other);
        for (String change : List.of(
                "update subscription_provider set effective_to = 'infinity'" + of + " and effective_to < 'infinity'",
                "delete from subscription_provider" + of)) {
            assertThat(asApplication(change)).as(change).isZero();
        }
        assertThatThrownBy(() -> asApplication("insert into subscription_provider (subscription_id,"
                        + " provider_subscription_id, effective_from, effective_to) values ('" + UUID.randomUUID()
                        + "', '" + other + "', '2020-01-01Z', 'infinity')"))
                .hasMessageContaining("row-level security");
    }

    private static void assertRefused(String change) {
        assertThatThrownBy(() -> world.postgres.execute(change)).hasMessageContaining("violates");
    }

    private static int asApplication(String change) {
        return await(world.database.transaction(
                        transaction -> transaction.query(change).execute()))
                .rowCount();
    }
}
