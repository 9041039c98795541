package io.tallygate.deploy;

import static io.tallygate.store.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.deploy.testing.TestEvents;
import io.tallygate.routing.desk.EndpointStore;
import io.tallygate.store.Database;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.testing.TestPostgres;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UnservedEndpointsIT {
    private final Vertx vertx = Vertx.vertx();
    private final TestPostgres postgres = TestPostgres.fresh();
    private final Database database = Database.open(vertx, postgres.config());

    @AfterEach
    void close() {
        await(vertx.close());
    }

    @Test
    void usageForAnEndpointThatIsNotConfiguredWaitedWithoutAWord() {
        Instant hour = Instant.parse("2026-11-01T10:00:00Z");
        SubscriptionId subscription = new SubscriptionId(UUID.randomUUID());
        TestEvents events = new TestEvents(postgres);
        events.waiting(UUID.randomUUID(), subscription, hour, "1");
        events.waiting(UUID.randomUUID(), subscription, hour, "1");
        events.pending(UUID.randomUUID(), subscription, hour, "1");
        postgres.execute("insert into endpoint_pause values ('gone', clock_timestamp(), 1, 'Unauthorized')");

        assertThat(await(unserved(Set.of("other")).find()))
                .containsExactly(
                        "The endpoint default is not configured here (delivery.endpoints): what is routed to it"
                                + " waits; now 2 rows and 1 events");
        assertThat(await(unserved(Set.of("default")).find())).isEmpty();
    }

    private UnservedEndpoints unserved(Set<String> configured) {
        return new UnservedEndpoints(new EndpointStore(database), configured);
    }
}
