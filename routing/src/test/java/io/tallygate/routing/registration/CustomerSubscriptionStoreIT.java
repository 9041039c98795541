package io.tallygate.routing.registration;

import static io.tallygate.routing.testing.RoutingWorld.OPERATOR;
import static io.tallygate.routing.testing.RoutingWorld.customer;
import static io.tallygate.routing.testing.RoutingWorld.tenant;
import static io.tallygate.store.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.routing.registration.CustomerSubscription.State;
import io.tallygate.routing.registration.CustomerSubscriptionOutcome.Kind;
import io.tallygate.routing.testing.RoutingWorld;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CustomerSubscriptionStoreIT {
    private final RoutingWorld world = new RoutingWorld();
    private final Registration registration = world.register("azs", BillingModel.PayAsYouUse);
    private final TenantId tenant = tenant();
    private final SubscriptionId payer = customer();
    private final Instant soon = Instant.now().truncatedTo(ChronoUnit.HOURS).plus(5, ChronoUnit.HOURS);

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void putCountsFromTheCurrentHourAndRepeatingChangesNothing() {
        Instant before = databaseHour();
        CustomerSubscriptionOutcome first = await(world.mappings.put(registration, payer, tenant, null, OPERATOR));
        Instant after = databaseHour();
        assertThat(first.kind()).isEqualTo(Kind.Recorded);
        assertThat(first.customerSubscription().effectiveFrom()).isBetween(before, after);
        assertThat(first.customerSubscription().effectiveTo()).isNull();

        CustomerSubscriptionOutcome second = await(world.mappings.put(registration, payer, tenant, null, OPERATOR));
        assertThat(second).isEqualTo(new CustomerSubscriptionOutcome(Kind.Unchanged, first.customerSubscription()));
        assertThat(world.map(registration, tenant, payer, soon)).isEqualTo(Kind.Unchanged);
        assertThat(await(world.mappings.find(registration, payer))).isEqualTo(first.customerSubscription());
        assertThat(audited("customerSubscription.put")).hasSize(1);
    }

    @Test
    void oneCustomerSubscriptionPaysForOneTenantAtATime() {
        TenantId other = tenant();
        assertThat(world.map(registration, tenant, payer, world.hour(0))).isEqualTo(Kind.Recorded);
        assertThat(world.map(registration, other, payer, world.hour(0))).isEqualTo(Kind.PaysForAnotherTenant);
        assertThat(world.map(registration, other, payer, soon)).isEqualTo(Kind.PaysForAnotherTenant);

        assertThat(world.map(registration, tenant, customer(), world.hour(10))).isEqualTo(Kind.Recorded);
        assertThat(world.map(registration, other, payer, world.hour(9))).isEqualTo(Kind.PaysForAnotherTenant);
        assertThat(world.map(registration, other, payer, world.hour(10))).isEqualTo(Kind.Recorded);
        assertThat(world.map(world.register("other", BillingModel.PayAsYouUse), other, payer, world.hour(0)))
                .isEqualTo(Kind.Recorded);
    }

    @Test
    void scheduledOneIsShownUntilItIsSuperseded() {
        SubscriptionId next = customer();
        world.map(registration, tenant, payer, world.hour(0));
        world.map(registration, tenant, next, soon);

        CustomerSubscription now = await(world.mappings.find(registration, payer));
        assertThat(now.effectiveTo()).isEqualTo(soon);
        assertThat(now.stateAt(Instant.now())).isEqualTo(State.InForce);
        CustomerSubscription scheduled = await(world.mappings.find(registration, next));
        assertThat(scheduled.stateAt(Instant.now())).isEqualTo(State.Scheduled);
        assertThat(await(world.mappings.list(registration))).containsExactlyInAnyOrder(now, scheduled);

        // Putting what is in force again takes the scheduled one away.
        assertThat(world.map(registration, tenant, payer, null)).isEqualTo(Kind.Recorded);
        assertThat(await(world.mappings.find(registration, next))).isNull();
        assertThat(standing())
                .hasSize(2)
                .last()
                .satisfies(row -> assertThat(row.effectiveTo()).isNull());
        assertThat(await(world.mappings.history(registration, next)))
                .singleElement()
                .satisfies(row -> assertThat(row.supersededAt()).isNotNull());
    }

    @Test
    void backDatedPutSupersedesEverythingFromThereOn() {
        SubscriptionId second = customer();
        SubscriptionId third = customer();
        world.map(registration, tenant, payer, world.hour(0));
        world.map(registration, tenant, second, world.hour(10));
        world.map(registration, tenant, third, world.hour(5));

        assertThat(standing())
                .extracting(
                        CustomerSubscription::customerSubscription,
                        CustomerSubscription::effectiveFrom,
                        CustomerSubscription::effectiveTo)
                .containsExactly(
                        org.assertj.core.api.Assertions.tuple(payer, world.hour(0), world.hour(5)),
                        org.assertj.core.api.Assertions.tuple(third, world.hour(5), null));
        assertThat(await(world.mappings.history(registration))).hasSize(5);
    }

    @Test
    void supersededAndItsSuccessorsMeetInTime() {
        world.map(registration, tenant, payer, world.hour(0));
        world.map(registration, tenant, customer(), world.hour(10));
        List<CustomerSubscription> history = await(world.mappings.history(registration));
        assertThat(history.get(1).recordedAt()).isEqualTo(history.get(0).supersededAt());
        assertThat(history.get(2).recordedAt()).isEqualTo(history.get(0).supersededAt());
    }

    @Test
    void itIsEndedAtAnHourThatIsPastOrYetToCome() {
        SubscriptionId next = customer();
        world.map(registration, tenant, payer, world.hour(0));
        world.map(registration, tenant, next, soon.plus(5, ChronoUnit.HOURS));

        assertThat(await(world.mappings.end(registration, payer, soon, OPERATOR)))
                .isTrue();
        assertThat(await(world.mappings.find(registration, payer)).effectiveTo())
                .isEqualTo(soon);
        assertThat(await(world.mappings.end(registration, payer, soon, OPERATOR)))
                .isFalse();
        assertThat(await(world.mappings.find(registration, next))).isNotNull();

        assertThat(await(world.mappings.end(registration, payer, world.hour(4), OPERATOR)))
                .isTrue();
        assertThat(standing())
                .extracting(CustomerSubscription::customerSubscription, CustomerSubscription::effectiveTo)
                .containsExactlyInAnyOrder(
                        org.assertj.core.api.Assertions.tuple(payer, world.hour(4)),
                        org.assertj.core.api.Assertions.tuple(next, null));
    }

    @Test
    void deleteEndsWhatIsInForceAndWhatIsScheduled() {
        SubscriptionId next = customer();
        world.map(registration, tenant, payer, world.hour(0));
        world.map(registration, tenant, next, soon);

        assertThat(await(world.mappings.end(registration, next, null, OPERATOR)))
                .isTrue();
        assertThat(await(world.mappings.find(registration, next))).isNull();
        assertThat(await(world.mappings.end(registration, payer, null, OPERATOR)))
                .isTrue();
        assertThat(await(world.mappings.end(registration, payer, null, OPERATOR)))
                .isFalse();
        assertThat(await(world.mappings.end(registration, customer(), null, OPERATOR)))
                .isFalse();
        assertThat(await(world.mappings.list(registration))).isEmpty();
        assertThat(standing()).singleElement().satisfies(row -> {
            assertThat(row.effectiveFrom()).isEqualTo(world.hour(0));
            assertThat(row.effectiveTo()).isBeforeOrEqualTo(databaseHour());
        });
        assertThat(audited("customerSubscription.end")).hasSize(2);
    }

    @Test
    void refusalsChangeNothing() {
        Registration capacity = world.register("capacity", BillingModel.Capacity);
        Registration single = world.register("single", BillingModel.PayAsYouUse);
        RegistrationContent notMultiTenant = new RegistrationContent(null, null, null, false, null, null);
        await(world.registrations.patch(RoutingWorld.BASE, "group", "single", notMultiTenant, OPERATOR));
        SubscriptionId local = world.subscribe(tenant, registration);

        assertThat(world.map(capacity, tenant, payer, null)).isEqualTo(Kind.BillingModelRefuses);
        assertThat(world.map(single, tenant, payer, null)).isEqualTo(Kind.NotMultiTenant);
        assertThat(world.map(registration, tenant, local, null)).isEqualTo(Kind.IsLocalSubscription);
        await(world.registrations.delete(RoutingWorld.BASE, "group", "single", OPERATOR));
        assertThat(world.map(single, tenant, payer, null)).isEqualTo(Kind.RegistrationAbsent);
        assertThat(world.postgres.query("select count(*) from customer_subscription"))
                .containsExactly("0");
        assertThat(audited("customerSubscription.put")).isEmpty();
    }

    @Test
    void ofTwoTenantsAtOnceExactlyOneGetsThePayer() {
        for (int i = 0; i < 10; i++) {
            SubscriptionId wanted = customer();
            List<Future<CustomerSubscriptionOutcome>> both = List.of(
                    world.mappings.put(registration, wanted, tenant(), world.hour(0), OPERATOR),
                    world.mappings.put(registration, wanted, tenant(), world.hour(1), OPERATOR));
            List<Kind> kinds = new ArrayList<>();
            both.forEach(put -> kinds.add(await(put).kind()));
            assertThat(kinds).containsExactlyInAnyOrder(Kind.Recorded, Kind.PaysForAnotherTenant);
        }
        assertThat(standing()).hasSize(10);
    }

    @Test
    void aChangeEndsTheAutomaticHoldsOfThePayersItTouches() {
        SubscriptionId next = customer();
        SubscriptionId byHand = customer();
        SubscriptionId stranger = customer();
        world.map(registration, tenant, payer, world.hour(0));
        world.postgres.execute("insert into payer_hold (payer_subscription_id, automatic, reason) values ('" + payer
                + "', true, 'NotAuthorized'), ('" + next + "', true, 'NotAuthorized'), ('" + stranger
                + "', true, 'NotAuthorized'), ('" + byHand + "', false, 'operator')");

        world.map(registration, tenant, payer, world.hour(0));
        assertThat(held()).as("nothing changed").hasSize(4);
        world.map(registration, tenant, next, world.hour(5));
        assertThat(held()).containsExactlyInAnyOrder(byHand.toString(), stranger.toString());
        world.map(registration, tenant, byHand, world.hour(6));
        await(world.mappings.end(registration, byHand, null, OPERATOR));
        assertThat(held()).containsExactlyInAnyOrder(byHand.toString(), stranger.toString());
    }

    private List<String> held() {
        return world.postgres.query("select payer_subscription_id from payer_hold");
    }

    @Test
    void auditTellsWhatWasBeforeAndWhatIsAfter() {
        SubscriptionId second = customer();
        world.map(registration, tenant, payer, world.hour(0));
        world.map(registration, tenant, second, world.hour(10));
        assertThat(audited("customerSubscription.put")).hasSize(2).last().satisfies(entry -> {
            assertThat(entry).startsWith(registration.resourceId() + "/customerSubscriptions/" + second);
            assertThat(entry)
                    .contains("\"before\":[{\"tenantId\":\"" + tenant + "\",\"customerSubscriptionId\":\"" + payer)
                    .contains("\"effectiveTo\":\"" + world.hour(10) + "\"");
        });
    }

    private List<CustomerSubscription> standing() {
        return await(world.mappings.history(registration)).stream()
                .filter(mapping -> mapping.supersededAt() == null)
                .toList();
    }

    private List<String> audited(String action) {
        return world.postgres.query(
                "select target, detail from audit_entry where action = '" + action + "' order by audit_id");
    }

    private Instant databaseHour() {
        return Instant.parse(world.postgres
                .query("select to_char(date_trunc('hour', clock_timestamp(), 'UTC') at time zone 'UTC',"
                        + " 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')")
                .get(0));
    }
}
