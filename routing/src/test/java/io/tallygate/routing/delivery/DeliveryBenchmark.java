package io.tallygate.routing.delivery;

import static io.tallygate.store.testing.Await.await;

import io.tallygate.routing.commerce.AdapterType;
import io.tallygate.routing.commerce.EndpointConfig;
import io.tallygate.routing.testing.Events;
import io.tallygate.routing.testing.FakeEndpoint;
import io.tallygate.routing.testing.Observed;
import io.tallygate.routing.testing.RoutingWorld;
import io.tallygate.store.Database;
import io.tallygate.store.testing.TestPostgres;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * Prints how many events a second are claimed, sent and marked, for batch sizes and submissions at once: to an endpoint
 * in memory that answers at once, which is what delivery itself costs, and over HTTP on the loopback (CloudEvents, a
 * connection for each submission). To be run by hand.
 */
final class DeliveryBenchmark {
    private static final int PAYERS = 50;

    private DeliveryBenchmark() {}

    public static void main(String[] args) {
        System.out.println("endpoint batch concurrency events seconds events/s");
        run(false, 100, 4, 20_000);
        for (boolean http : new boolean[] {false, true}) {
            for (int batch : new int[] {1, 25, 100}) {
                for (int concurrency : new int[] {1, 4, 8}) {
                    run(http, batch, concurrency, batch == 1 ? 5_000 : 50_000);
                }
            }
        }
        System.exit(0);
    }

    private static void run(boolean http, int batch, int concurrency, int count) {
        Vertx vertx = Vertx.vertx();
        TestPostgres postgres = TestPostgres.fresh();
        Database database = Database.open(vertx, postgres.config());
        Events events = new Events(postgres);
        for (int i = 0; i < PAYERS; i++) {
            events.pending(FakeEndpoint.NAME, RoutingWorld.customer(), count / PAYERS);
        }
        postgres.execute("vacuum analyze delivery_event");
        DeliveryVerticle verticle = new DeliveryVerticle(
                database,
                List.of(http ? loopback(vertx, batch, concurrency) : inMemory(batch, concurrency)),
                endpoint -> () -> Future.succeededFuture(0),
                new Observed(),
                Duration.ofMillis(100));
        long began = System.nanoTime();
        String id = await(vertx.deployVerticle(verticle));
        Awaitility.await()
                .pollInterval(20, TimeUnit.MILLISECONDS)
                .atMost(Duration.ofMinutes(5))
                .until(() -> postgres.query("select exists (select from delivery_event where state = 'pending')"
                                + " or not exists (select from delivery_ledger)")
                        .equals(List.of("f")));
        double seconds = (System.nanoTime() - began) / 1e9;
        await(vertx.undeploy(id));
        System.out.printf(
                "%s %d %d %d %.2f %.0f%n",
                http ? "http" : "memory", batch, concurrency, count, seconds, count / seconds);
        await(database.close());
        await(vertx.close());
    }

    private static Endpoint inMemory(int batch, int concurrency) {
        return new Endpoint(config(concurrency), new FakeEndpoint(batch));
    }

    private static Endpoint loopback(Vertx vertx, int batch, int concurrency) {
        HttpServer server = await(vertx.createHttpServer()
                .requestHandler(request -> request.body()
                        .onSuccess(body -> request.response().setStatusCode(204).end()))
                .listen(0, "localhost"));
        EndpointConfig fake = config(concurrency);
        return Endpoint.open(
                vertx,
                new EndpointConfig(
                        fake.name(),
                        AdapterType.named("cloudevents").orElseThrow(),
                        Map.of("url", "http://localhost:" + server.actualPort() + "/events"),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(batch),
                        concurrency,
                        0,
                        fake.deadline(),
                        fake.breaker()));
    }

    private static EndpointConfig config(int concurrency) {
        return FakeEndpoint.config(
                concurrency, Duration.ofSeconds(10), new EndpointConfig.Breaker(5, Duration.ofSeconds(30)));
    }
}
