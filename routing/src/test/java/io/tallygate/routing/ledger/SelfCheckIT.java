package io.tallygate.routing.ledger;

import static io.tallygate.routing.testing.RoutingWorld.CORE_HOURS;
import static io.tallygate.routing.testing.RoutingWorld.customer;
import static io.tallygate.routing.testing.RoutingWorld.tenant;
import static io.tallygate.store.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.routing.registration.BillingModel;
import io.tallygate.routing.registration.Registration;
import io.tallygate.routing.testing.Events;
import io.tallygate.routing.testing.RoutingWorld;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SelfCheckIT {
    private static final Duration LEASE = Duration.ofMinutes(10);

    private final RoutingWorld world = new RoutingWorld();
    private final Events events = new Events(world.postgres);
    private final Told told = new Told();
    private final SelfCheck selfCheck = new SelfCheck(world.database, world.reconciliation, told, LEASE);
    private final SubscriptionId payer = customer();
    private final TenantId tenant = tenant();
    private UUID event;

    @BeforeEach
    void deliver() {
        Registration registration = world.register("azs", BillingModel.PayAsYouUse);
        world.map(registration, tenant, payer, world.hour(0));
        SubscriptionId local = world.subscribe(tenant, registration);
        world.backfill(local, CORE_HOURS, "1", 0);
        world.backfill(local, CORE_HOURS, "2", 30);
        world.seal(world.hour(48));
        world.route();
        event = events.compose(payer, "pending");
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void booksThatAgreeAreToldSo() {
        Reconciliation found = check();

        assertThat(found.balanced()).isTrue();
        assertThat(told.texts).containsExactly("balanced");
        assertThat(told.checkedAt).isAfter(world.start);
        assertThat(Duration.between(found.from(), found.to())).isEqualTo(Duration.ofDays(9));
        assertThat(found.totals().get(Account.PENDING).count()).isEqualTo(2);
    }

    @Test
    void differencesAreNamed() {
        world.postgres.execute("update event_row set quantity = 1.5 where quantity = 1");

        assertThat(check().balanced()).isFalse();
        assertThat(told.texts)
                .containsExactly(
                        "unbalanced",
                        world.start.toString().substring(0, 10) + ", tenant " + tenant + ", meter " + CORE_HOURS
                                + ", payer " + payer + ": mapped 1 of 1, pending 1 of 1.5",
                        "event " + event + " of " + payer + " says 2 records of 3, its rows 2 of 3.5");
    }

    @Test
    void anEventThatSaysMoreThanItsRowsShows() {
        events.set(event, "quantity = quantity + 0.000000000000001");
        assertThat(check().balanced()).isFalse();
        assertThat(told.texts)
                .containsExactly(
                        "unbalanced",
                        "event " + event + " of " + payer + " says 2 records of 3.000000000000001, its rows 2 of 3");
    }

    @Test
    void rowsFromLongAgoAreInTheirEventsSum() {
        world.postgres.execute("select ensure_partitions(now() - interval '60 days');"
                + "insert into event_row select subscription_id, reported_time - interval '60 days', seq, endpoint,"
                + " payer_subscription_id, dimension, meter_key, usage_time, 4, 1, false, null, null, event_time, event_key"
                + " from event_row where quantity = 1");
        events.set(event, "quantity = 7, record_count = 3, row_count = 3");
        check();
        assertThat(told.texts).containsExactly("balanced");
    }

    @Test
    void aLeaseThatNobodyTakesOverWhileTheEndpointTakesOthersIsStuckAndTheBooksAgree() {
        leaseEnded("3 hours");
        accepted("1 hour");
        check();
        assertThat(told.texts)
                .hasSize(2)
                .contains("balanced")
                .first()
                .asString()
                .startsWith("stuck " + event + " of " + payer + ", whose lease ended at ");

        world.postgres.execute("insert into payer_hold values ('" + payer + "', true, 'NotAuthorized')");
        check();
        assertThat(told.texts).containsExactly("balanced");
    }

    @Test
    void aLeaseThatEndedWhileTheEndpointWasAwayWasAFalseAlarm() {
        leaseEnded("3 hours");
        check();
        assertThat(told.texts).containsExactly("balanced");

        // What it took before, and what it has only begun to take again, says nothing.
        accepted("4 hours");
        accepted("1 minute");
        check();
        assertThat(told.texts).containsExactly("balanced");
    }

    private Reconciliation check() {
        told.texts.clear();
        return await(selfCheck.check());
    }

    private void leaseEnded(String ago) {
        events.set(event, "lease_token = 1, next_attempt_at = clock_timestamp() - interval '" + ago + "'");
    }

    private void accepted(String ago) {
        world.postgres.execute(
                "insert into delivery_ledger (payer_subscription_id, reported_time, event_key, recorded_at,"
                        + " endpoint, outcome, attempt) select payer_subscription_id, reported_time, gen_random_uuid(),"
                        + " clock_timestamp() - interval '" + ago + "', endpoint, 'Accepted', 1 from delivery_event");
    }

    private static final class Told implements ReconciliationObserver {
        private final List<String> texts = new ArrayList<>();
        private Instant checkedAt;

        @Override
        public void balanced(Reconciliation found, Instant at) {
            texts.add("balanced");
            checkedAt = at;
        }

        @Override
        public void unbalanced(Reconciliation found, List<String> differences, Instant at) {
            texts.add("unbalanced");
            texts.addAll(differences);
            checkedAt = at;
        }

        @Override
        public void stuck(List<String> events, Instant at) {
            events.forEach(each -> texts.add("stuck " + each));
        }
    }
}
