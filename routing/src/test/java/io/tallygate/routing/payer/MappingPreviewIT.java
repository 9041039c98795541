package io.tallygate.routing.payer;

import static io.tallygate.routing.testing.RoutingWorld.CORE_HOURS;
import static io.tallygate.routing.testing.RoutingWorld.OPERATOR;
import static io.tallygate.routing.testing.RoutingWorld.customer;
import static io.tallygate.routing.testing.RoutingWorld.tenant;
import static io.tallygate.store.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.routing.registration.BillingModel;
import io.tallygate.routing.registration.CustomerSubscription;
import io.tallygate.routing.registration.CustomerSubscriptionOutcome;
import io.tallygate.routing.registration.CustomerSubscriptionOutcome.Kind;
import io.tallygate.routing.registration.MappingTrial;
import io.tallygate.routing.registration.Registration;
import io.tallygate.routing.testing.Events;
import io.tallygate.routing.testing.RoutingWorld;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A preview changes nothing, and the change itself and the re-route after it then do what it said. */
class MappingPreviewIT {
    private static final int STEPS = 60;
    private static final int HOURS = 6;
    private static final List<String> STATES = List.of("pending", "delivered", "dead", "waived");

    private final RoutingWorld world = new RoutingWorld();
    private final Events events = new Events(world.postgres);
    private final Registration registration = world.register("azs", BillingModel.PayAsYouUse);
    private final RerouteStore reroutes = new RerouteStore(world.database, world.partitions, endpoint -> false);
    private final MappingPreviewStore previews = new MappingPreviewStore(world.database, reroutes);

    @AfterEach
    void close() {
        world.close();
    }

    private List<String> everything() {
        return Stream.of(
                        "customer_subscription",
                        "audit_entry",
                        "audit_head",
                        "payer_hold",
                        "routed_usage",
                        "event_row",
                        "delivery_event")
                .flatMap(table -> world.postgres.query("select * from " + table + " t order by t::text").stream())
                .toList();
    }

    private <T> T unchanged(Supplier<T> preview) {
        List<String> before = everything();
        T found = preview.get();
        assertThat(everything()).isEqualTo(before);
        return found;
    }

    private List<CustomerSubscription> standing() {
        return await(world.mappings.history(registration)).stream()
                .filter(mapping -> mapping.supersededAt() == null)
                .toList();
    }

    private List<Long> supersededSince(List<CustomerSubscription> before) {
        Set<Long> now = standing().stream().map(CustomerSubscription::mappingId).collect(Collectors.toSet());
        return before.stream()
                .map(CustomerSubscription::mappingId)
                .filter(id -> !now.contains(id))
                .toList();
    }

    private static List<Long> ids(List<CustomerSubscription> mappings) {
        return mappings.stream().map(CustomerSubscription::mappingId).toList();
    }

    private static List<Object> content(CustomerSubscription mapping) {
        List<Object> content = new ArrayList<>();
        content.add(mapping.tenant());
        content.add(mapping.customerSubscription());
        content.add(mapping.effectiveFrom());
        content.add(mapping.effectiveTo());
        return content;
    }

    private Reroute rerouteOf(TenantId tenant, Instant from) {
        return await(reroutes.preview(new RerouteRequest(registration.registrationId(), tenant, from, null)));
    }

    @Test
    void whatAPreviewSaysIsWhatTheChangeAndTheRerouteDo() {
        Random random = new Random(20261122);
        List<TenantId> tenants = List.of(tenant(), tenant(), tenant());
        List<SubscriptionId> payers = List.of(customer(), customer(), customer(), customer());
        for (TenantId tenant : tenants) {
            SubscriptionId local = world.subscribe(tenant, registration);
            for (int hour = 0; hour < HOURS; hour++) {
                world.backfill(local, CORE_HOURS, Integer.toString(1 + random.nextInt(9)), hour);
            }
        }
        world.seal(world.hour(HOURS));
        world.route();
        int changes = 0;
        int refusals = 0;
        int moves = 0;
        for (int step = 0; step < STEPS; step++) {
            TenantId tenant = tenants.get(random.nextInt(3));
            SubscriptionId payer = payers.get(random.nextInt(4));
            Instant from = world.hour(random.nextInt(10) == 0 ? 100 : random.nextInt(HOURS + 1));
            MappingPreview preview = random.nextInt(3) == 0 ? ended(payer, from) : put(payer, tenant, from);
            changes += preview.change().kind() == Kind.Recorded ? 1 : 0;
            refusals += preview.change().isRefused() ? 1 : 0;
            moves += preview.reroute() == null ? 0 : preview.reroute().moves().size();
            if (random.nextInt(4) == 0) {
                events.compose(payer, STATES.get(random.nextInt(4)));
            }
            if (random.nextInt(5) == 0) {
                await(reroutes.apply(new RerouteRequest(null, null, world.hour(0), null), OPERATOR));
            }
        }
        assertThat(changes).isGreaterThan(STEPS / 4);
        assertThat(refusals).isPositive();
        assertThat(moves).isGreaterThan(STEPS / 4);
    }

    private MappingPreview put(SubscriptionId payer, TenantId tenant, Instant from) {
        MappingPreview preview = unchanged(() -> await(previews.put(registration, payer, tenant, from)));
        MappingTrial change = preview.change();
        List<CustomerSubscription> before = standing();
        CustomerSubscriptionOutcome done = await(world.mappings.put(registration, payer, tenant, from, OPERATOR));
        assertThat(change.kind()).isEqualTo(done.kind());
        assertThat(ids(change.ended())).containsExactlyInAnyOrderElementsOf(supersededSince(before));
        if (change.isRefused()) {
            assertThat(preview.reroute()).isNull();
            return preview;
        }
        assertThat(content(change.mapping())).isEqualTo(content(done.customerSubscription()));
        assertThat(change.from()).isEqualTo(from);
        assertThat(preview.reroute()).isEqualTo(rerouteOf(tenant, from));
        return preview;
    }

    private MappingPreview ended(SubscriptionId payer, Instant to) {
        MappingPreview preview = unchanged(() -> await(previews.end(registration, payer, to)));
        MappingTrial change = preview.change();
        List<CustomerSubscription> before = standing();
        boolean done = await(world.mappings.end(registration, payer, to, OPERATOR));
        assertThat(change.kind()).isEqualTo(done ? Kind.Recorded : Kind.Unchanged);
        assertThat(ids(change.ended())).containsExactlyInAnyOrderElementsOf(supersededSince(before));
        if (!done) {
            assertThat(preview.reroute()).isNull();
            return preview;
        }
        assertThat(change.tenants())
                .containsExactlyInAnyOrderElementsOf(change.ended().stream()
                        .map(CustomerSubscription::tenant)
                        .collect(Collectors.toSet()));
        assertThat(preview.reroute().moves())
                .containsExactlyInAnyOrderElementsOf(change.tenants().stream()
                        .flatMap(tenant -> rerouteOf(tenant, to).moves().stream())
                        .toList());
        return preview;
    }

    @Test
    void aPreviewNeitherEndsHoldsNorWaitsForTheAudit() {
        SubscriptionId payer = customer();
        TenantId tenant = tenant();
        world.map(registration, tenant, payer, world.hour(0));
        world.postgres.execute("insert into payer_hold (payer_subscription_id, automatic, reason) values ('" + payer
                + "', true, 'NotSubscribed')");

        MappingPreview preview = unchanged(() -> await(previews.end(registration, payer, null)));

        assertThat(ids(preview.change().ended())).isEqualTo(ids(standing()));
        assertThat(preview.change().from())
                .isEqualTo(preview.change().from().truncatedTo(java.time.temporal.ChronoUnit.HOURS));
        assertThat(preview.reroute().moves()).isEmpty();
    }
}
