package io.tallygate.routing.delivery;

import static io.tallygate.store.testing.Await.await;

import io.tallygate.routing.commerce.EndpointConfig;
import io.tallygate.routing.testing.Events;
import io.tallygate.routing.testing.FakeEndpoint;
import io.tallygate.routing.testing.Observed;
import io.tallygate.routing.testing.RoutingWorld;
import io.tallygate.store.Database;
import io.tallygate.store.testing.TestPostgres;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * Prints how many events a second are claimed, sent and marked, for batch sizes and submissions at once, with an
 * endpoint that answers at once: what delivery itself costs. To be run by hand.
 */
final class DeliveryBenchmark {
    private static final int PAYERS = 50;

    private DeliveryBenchmark() {}

    public static void main(String[] args) {
        System.out.println("batch concurrency events seconds events/s");
        run(100, 4, 20_000);
        for (int batch : new int[] {1, 25, 100}) {
            for (int concurrency : new int[] {1, 4, 8}) {
                run(batch, concurrency, batch == 1 ? 5_000 : 50_000);
            }
        }
        System.exit(0);
    }

    private static void run(int batch, int concurrency, int count) {
        Vertx vertx = Vertx.vertx();
        TestPostgres postgres = TestPostgres.fresh();
        Database database = Database.open(vertx, postgres.config());
        Events events = new Events(postgres);
        for (int i = 0; i < PAYERS; i++) {
            events.pending(FakeEndpoint.NAME, RoutingWorld.customer(), count / PAYERS);
        }
        postgres.execute("vacuum analyze delivery_event");
        FakeEndpoint fake = new FakeEndpoint(batch);
        EndpointConfig config = FakeEndpoint.config(
                concurrency, Duration.ofSeconds(10), new EndpointConfig.Breaker(5, Duration.ofSeconds(30)));
        DeliveryVerticle verticle = new DeliveryVerticle(
                database,
                List.of(new Endpoint(config, fake)),
                endpoint -> () -> Future.succeededFuture(0),
                new Observed(),
                Duration.ofMillis(100));
        long began = System.nanoTime();
        String id = await(vertx.deployVerticle(verticle));
        Awaitility.await()
                .pollInterval(5, TimeUnit.MILLISECONDS)
                .atMost(Duration.ofMinutes(5))
                .until(() -> fake.billed() == count);
        await(vertx.undeploy(id));
        double seconds = (System.nanoTime() - began) / 1e9;
        System.out.printf("%d %d %d %.2f %.0f%n", batch, concurrency, count, seconds, count / seconds);
        await(database.close());
        await(vertx.close());
    }
}
