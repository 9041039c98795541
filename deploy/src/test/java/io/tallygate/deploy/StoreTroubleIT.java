package io.tallygate.deploy;

import static io.tallygate.store.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallygate.deploy.testing.HttpCaller;
import io.tallygate.deploy.testing.HttpCaller.Answer;
import io.tallygate.deploy.testing.TestEvent;
import io.tallygate.deploy.testing.TestGateway;
import io.tallygate.deploy.testing.TestIdentity;
import io.tallygate.gateway.auth.Role;
import io.tallygate.store.DatabaseConfig;
import io.tallygate.store.testing.TestPostgres;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What callers are told while the store is busy or away. */
class StoreTroubleIT {
    private static final int CALLERS = 20;
    private static final int REFUSED = 15;

    @Test
    void aStoreThatIsAwayIsServiceUnavailableAndThenServesAgain() {
        TestPostgres postgres = TestPostgres.fresh();
        try (TestGateway gateway = TestGateway.paused(postgres)) {
            HttpCaller operator = HttpCaller.operator(gateway);
            assertThat(operator.get("/windows").status()).isEqualTo(200);
            limitConnections(postgres, 0);
            postgres.execute("select pg_terminate_backend(pid) from pg_stat_activity"
                    + " where usename = 'tallygate_app' and datname = current_database()");
            for (int i = 0; i < 5; i++) {
                Answer answer = operator.get("/windows");
                assertThat(answer.status()).as(answer.body()).isEqualTo(503);
                assertThat(answer.errorCode()).isEqualTo("ServiceUnavailable");
                assertThat(answer.response().headers().firstValue("retry-after"))
                        .contains("5");
            }
            String event = TestEvent.of(
                            "1",
                            TestGateway.OPERATOR_SUBSCRIPTION,
                            Instant.now().truncatedTo(ChronoUnit.HOURS))
                    .line();
            assertThat(operator.post("/usage/records", "application/x-ndjson", event)
                            .errorCode())
                    .isEqualTo("ServiceUnavailable");
            limitConnections(postgres, -1);
            assertThat(operator.get("/windows").status()).isEqualTo(200);
            assertThat(operator.post("/usage/records", "application/x-ndjson", event)
                            .body())
                    .contains("\"Accepted\":1");
        }
    }

    @Test
    void moreCallersThanTheQueueHoldsAreToldAtOnceToComeBack() throws Exception {
        TestPostgres postgres = TestPostgres.fresh();
        DatabaseConfig all = postgres.config();
        DatabaseConfig small = new DatabaseConfig(
                all.url(), all.user(), all.password(), 1, 1, all.connectTimeout(), Duration.ofSeconds(30));
        ExecutorService threads = Executors.newFixedThreadPool(CALLERS + 1);
        try (TestGateway gateway = TestGateway.paused(postgres, small)) {
            HttpCaller operator = HttpCaller.operator(gateway);
            CompletionService<Answer> answers = new ExecutorCompletionService<>(threads);
            var lock = threads.submit(
                    () -> postgres.execute("begin; lock table meter in access exclusive mode; select pg_sleep(60)"));
            Awaitility.await().until(() -> !lockers(postgres).isEmpty());
            Callable<Answer> ask = () -> operator.get("/meters");
            for (int i = 0; i < CALLERS; i++) {
                answers.submit(ask);
            }
            for (int i = 0; i < REFUSED; i++) {
                Answer refused = answers.take().get();
                assertThat(refused.status()).as(refused.body()).isEqualTo(429);
                assertThat(refused.errorCode()).isEqualTo("TooManyRequests");
                assertThat(refused.response().headers().firstValue("retry-after"))
                        .contains("5");
            }
            lockers(postgres).forEach(pid -> postgres.execute("select pg_terminate_backend(" + pid + ")"));
            List<Integer> others = new ArrayList<>();
            while (others.size() < CALLERS - REFUSED) {
                others.add(answers.take().get().status());
            }
            assertThat(others).as("who held the connection, and who waited").contains(200);
            Awaitility.await().until(lock::isDone);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aStreamThatTheStoreFailsSaysHowFarItGotAndIsCut() throws Exception {
        TestPostgres postgres = TestPostgres.fresh();
        Vertx vertx = Vertx.vertx();
        try (TestGateway gateway = TestGateway.paused(postgres)) {
            RequestOptions target = new RequestOptions()
                    .setMethod(HttpMethod.POST)
                    .setAbsoluteURI(gateway.url() + "/usage/records")
                    .putHeader("Content-Type", "application/x-ndjson")
                    .putHeader(
                            "Authorization",
                            "Bearer " + TestIdentity.get().token(TestIdentity.OPERATOR, Role.USAGE_REPORT));
            HttpClient client = vertx.createHttpClient(new HttpClientOptions().setTrustAll(true));
            HttpClientRequest request = await(client.request(target));
            request.setChunked(true);
            request.write("not an event\n" + lines(1, 2000));
            HttpClientResponse response = await(request.response().map(HttpClientResponse::pause));
            Queue<String> answer = new ConcurrentLinkedQueue<>();
            Promise<Void> cut = Promise.promise();
            response.handler(chunk -> answer.add(chunk.toString()));
            response.exceptionHandler(cut::tryFail);
            response.endHandler(ended -> cut.tryComplete());
            response.resume();
            Awaitility.await().until(() -> String.join("", answer).contains("InvalidJson"));

            limitConnections(postgres, 0);
            postgres.execute("select pg_terminate_backend(pid) from pg_stat_activity"
                    + " where usename = 'tallygate_app' and datname = current_database()");
            request.write(lines(2000, 4000));

            assertThatThrownBy(() -> await(cut.future()))
                    .as("an answer that ends")
                    .isNotNull();
            assertThat(String.join("", answer).lines().reduce((line, next) -> next))
                    .hasValueSatisfying(
                            last -> assertThat(last).contains("\"durableThroughLine\":2000", "ServiceUnavailable"));
            assertThat(postgres.query("select count(*) from usage_identity")).containsExactly("1999");
        } finally {
            await(vertx.close());
        }
    }

    private static String lines(int from, int to) {
        Instant hour = Instant.now().truncatedTo(ChronoUnit.HOURS);
        StringBuilder lines = new StringBuilder();
        for (int i = from; i < to; i++) {
            lines.append(TestEvent.of("stream-" + i, TestGateway.OPERATOR_SUBSCRIPTION, hour)
                    .line());
        }
        return lines.toString();
    }

    private static void limitConnections(TestPostgres postgres, int limit) {
        postgres.execute("do $$ begin execute format('alter database %I connection limit " + limit
                + "', current_database()); end $$");
    }

    private static List<String> lockers(TestPostgres postgres) {
        return postgres.query("select pid from pg_locks where relation = 'meter'::regclass and granted"
                + " and mode = 'AccessExclusiveLock'");
    }
}
