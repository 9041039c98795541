package io.tallygate.routing.desk;

import static io.tallygate.routing.testing.RoutingWorld.CORE_HOURS;
import static io.tallygate.store.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.routing.registration.BillingModel;
import io.tallygate.routing.registration.Registration;
import io.tallygate.routing.testing.RoutingWorld;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BacklogStoreIT {
    private final RoutingWorld world = new RoutingWorld();
    private final BacklogStore backlog = new BacklogStore(world.database);

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void itSaysHowFarEachStepIs() {
        BacklogStore.Windows nothing = await(backlog.windows());
        assertThat(nothing.sealedThrough()).isNull();
        assertThat(nothing.routedThrough()).isNull();

        Registration registration = world.register("northwind", BillingModel.PayAsYouUse);
        SubscriptionId local = world.subscribe(new TenantId(UUID.randomUUID()), registration);
        world.backfill(local, CORE_HOURS, "1", 0);
        // Nothing is sealed yet: the first window is the one that is awaited.
        assertThat(await(backlog.windows()).sealedThrough()).isEqualTo(world.hour(0));

        world.seal(world.hour(3));
        BacklogStore.Windows sealed = await(backlog.windows());
        assertThat(sealed.sealedThrough()).isEqualTo(world.hour(3));
        assertThat(sealed.routedThrough()).isEqualTo(world.hour(0));

        world.route();
        assertThat(await(backlog.windows()).routedThrough()).isEqualTo(world.hour(3));
    }

    @Test
    void anEndpointsOldestIsOfItsOwnAndOfWhatItHasNotGot() {
        Registration registration = world.register("northwind", BillingModel.PayAsYouUse);
        SubscriptionId local = world.subscribe(new TenantId(UUID.randomUUID()), registration);
        world.backfill(local, CORE_HOURS, "1", 5);
        world.backfill(local, CORE_HOURS, "1", 2);
        world.seal(world.hour(24));
        world.route();

        Map<String, Duration> ages = await(backlog.undelivered(List.of("default", "another")));
        Duration sinceSecondHour =
                Duration.between(world.hour(2), await(backlog.windows()).now());
        assertThat(ages).containsEntry("another", Duration.ZERO);
        assertThat(ages.get("default")).isBetween(sinceSecondHour.minusMinutes(5), sinceSecondHour);

        world.postgres.execute("update tallygate.event_row set netted = true");
        assertThat(await(backlog.undelivered(List.of("default")))).containsEntry("default", Duration.ZERO);
    }
}
