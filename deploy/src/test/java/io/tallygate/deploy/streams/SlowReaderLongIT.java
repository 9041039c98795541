package io.tallygate.deploy.streams;

import static io.tallygate.store.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallygate.deploy.testing.BulkUsage;
import io.tallygate.deploy.testing.HttpCaller;
import io.tallygate.deploy.testing.StreamCaller;
import io.tallygate.deploy.testing.StreamCaller.Reading;
import io.tallygate.deploy.testing.StreamCaller.Received;
import io.tallygate.deploy.testing.TestGateway;
import io.tallygate.gateway.auth.Role;
import io.tallygate.gateway.export.StreamConfig;
import io.tallygate.store.DatabaseConfig;
import io.tallygate.store.testing.TestPostgres;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Readers that stop, crawl or go away: they cost nothing but their sockets, and nobody else waits for them. The range is
 * larger than all the buffers between gateway and reader.
 */
@Timeout(120)
class SlowReaderLongIT {
    private static final int READERS = 10;

    private static TestPostgres postgres;
    private static BulkUsage usage;

    @BeforeAll
    static void load() {
        postgres = TestPostgres.fresh();
        usage = new BulkUsage(postgres, 1000, 48);
    }

    @AfterAll
    static void nobodyKeptAConnection() {
        assertThat(postgres.query("select pid from pg_stat_activity where datname = current_database()"
                        + " and usename = 'tallygate_app'"))
                .isEmpty();
    }

    // Two connections: half of them are for streams.
    private static TestGateway gateway(StreamConfig streams) {
        return gateway(2, streams);
    }

    private static TestGateway gateway(int connections, StreamConfig streams) {
        DatabaseConfig all = postgres.config();
        return TestGateway.streaming(
                postgres,
                new DatabaseConfig(
                        all.url(),
                        all.user(),
                        all.password(),
                        connections,
                        all.maxWaitQueue(),
                        all.connectTimeout(),
                        all.statementTimeout()),
                streams);
    }

    private static StreamCaller caller(TestGateway gateway, HttpVersion version) {
        return StreamCaller.of(gateway, version, usage.tenant, Role.USAGE_READ);
    }

    private static String path() {
        return usage.path("Hourly", "&$format=ndjson");
    }

    private static long workingConnections() {
        return postgres.query("select pid from pg_stat_activity where datname = current_database()"
                        + " and usename = 'tallygate_app' and state <> 'idle'")
                .size();
    }

    private static List<Reading> stalled(StreamCaller caller, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> caller.open(path()))
                .peek(reading -> assertThat(reading.status()).isEqualTo(200))
                .toList();
    }

    /** Once, a queue that had been full and drained again later made the stream write on twice at the same time. */
    @ParameterizedTest
    @EnumSource(
            value = HttpVersion.class,
            names = {"HTTP_1_1", "HTTP_2"})
    void aReaderThatPausesGetsEveryByteOnce(HttpVersion version) {
        // Shorter than reading takes: only a reader that takes nothing at all is cut off.
        try (TestGateway gateway = gateway(new StreamConfig(100, Duration.ofSeconds(5)));
                StreamCaller caller = caller(gateway, version)) {
            Received whole = caller.get(path());
            assertThat(whole.version()).isEqualTo(version);
            assertThat(whole.rows()).isEqualTo(usage.rows());
            Reading slow = caller.open(path());
            for (int i = 0; i < 60; i++) {
                long before = slow.bytes();
                slow.fetch(40);
                Awaitility.await().until(() -> slow.bytes() > before);
            }
            slow.resume();
            await(slow.end());
            assertThat(slow.bytes()).isEqualTo(whole.body().length());
            assertThat(slow.sha256()).isEqualTo(whole.digest());
            assertThat(slow.trailer("x-row-count")).isEqualTo(Long.toString(usage.rows()));
        }
    }

    /** The same: then the nested writing came to the end of a piece, and the next piece was sent twice. */
    @ParameterizedTest
    @EnumSource(
            value = HttpVersion.class,
            names = {"HTTP_1_1", "HTTP_2"})
    void aReaderThatStopsAndThenReadsFastGetsEveryByteOnce(HttpVersion version) {
        try (TestGateway gateway = gateway(StreamConfig.DEFAULT);
                StreamCaller caller = StreamCaller.fast(gateway, version, usage.tenant, Role.USAGE_READ)) {
            Received whole = caller.get(path());
            for (int i = 0; i < 5; i++) {
                Reading reading = caller.open(path());
                Awaitility.await().until(() -> workingConnections() == 0);
                reading.resume();
                await(reading.end());
                assertThat(reading.bytes()).isEqualTo(whole.body().length());
                assertThat(reading.sha256()).isEqualTo(whole.digest());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = HttpVersion.class,
            names = {"HTTP_1_1", "HTTP_2"})
    void readersThatStopHoldNoConnection(HttpVersion version) {
        try (TestGateway gateway = gateway(StreamConfig.DEFAULT);
                StreamCaller caller = caller(gateway, version)) {
            Received whole = caller.get(path());
            List<Reading> readers = stalled(caller, READERS);
            Awaitility.await().until(() -> workingConnections() == 0);
            HttpCaller pages = HttpCaller.of(gateway, usage.tenant, Role.USAGE_READ);
            for (int i = 0; i < 10; i++) {
                assertThat(pages.get(usage.path("Hourly", "")).status()).isEqualTo(200);
            }
            try (StreamCaller fast = caller(gateway, version)) {
                assertThat(fast.get(path()).digest()).isEqualTo(whole.digest());
            }
            assertThat(workingConnections()).isZero();
            assertThat(readers).noneMatch(reading -> reading.end().isComplete());
            readers.forEach(Reading::resume);
            for (Reading reading : readers) {
                await(reading.end());
                assertThat(reading.sha256()).isEqualTo(whole.digest());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = HttpVersion.class,
            names = {"HTTP_1_1", "HTTP_2"})
    void oneStreamTooManyIsRefused(HttpVersion version) {
        try (TestGateway gateway = gateway(new StreamConfig(8, Duration.ofMinutes(10)));
                StreamCaller stopped = caller(gateway, version);
                StreamCaller next = caller(gateway, version)) {
            List<Reading> readers = stalled(stopped, 2);
            Received refused = next.get(path());
            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.text()).contains("\"TooManyRequests\"", "2 streams");
            assertThat(refused.headers().get("Retry-After")).isEqualTo("5");
            assertThat(refused.headers().get("Content-Disposition")).isNull();
            assertThat(next.get(usage.path("Hourly", "")).status()).as("a page").isEqualTo(200);
            assertThat(next.head(path()).status()).as("a count").isEqualTo(200);

            readers.forEach(Reading::resume);
            readers.forEach(reading -> await(reading.end()));
            Awaitility.await().until(() -> next.get(path()).status() == 200);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = HttpVersion.class,
            names = {"HTTP_1_1", "HTTP_2"})
    void whoTakesNothingIsCutOffAndMakesPlace(HttpVersion version) {
        try (TestGateway gateway = gateway(new StreamConfig(8, Duration.ofSeconds(1)));
                StreamCaller stopped = caller(gateway, version);
                StreamCaller next = caller(gateway, version)) {
            for (Reading reading : stalled(stopped, 2)) {
                Awaitility.await()
                        .atMost(Duration.ofMinutes(1))
                        .until(() ->
                                next.get(usage.path("Daily", "&$format=csv")).status() == 200);
                reading.resume();
                assertThatThrownBy(() -> await(reading.end())).isNotNull();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = HttpVersion.class,
            names = {"HTTP_1_1", "HTTP_2"})
    void whoGoesAwayMakesPlace(HttpVersion version) {
        try (TestGateway gateway = gateway(new StreamConfig(4 * READERS, Duration.ofMinutes(10)));
                StreamCaller next = caller(gateway, version)) {
            List<StreamCaller> callers = new ArrayList<>();
            for (int i = 0; i < READERS; i++) {
                callers.add(caller(gateway, version));
                stalled(callers.get(i), 1).get(0).fetch(i);
            }
            assertThat(next.get(path()).status()).isEqualTo(429);
            callers.forEach(StreamCaller::close);
            for (int i = 0; i < READERS; i++) {
                Awaitility.await().until(() -> next.open(path()).status() == 200);
            }
        }
    }

    /** Once, the rest of the range was read for a reader who had gone before its first row. */
    @ParameterizedTest
    @EnumSource(
            value = HttpVersion.class,
            names = {"HTTP_1_1", "HTTP_2"})
    void whoGoesAwayBeforeTheFirstRowMakesPlace(HttpVersion version) throws Exception {
        try (TestGateway gateway = gateway(4, new StreamConfig(1, Duration.ofMinutes(10)));
                StreamCaller next = caller(gateway, version);
                Locked table = new Locked(postgres, "usage_hourly")) {
            StreamCaller gone = caller(gateway, version);
            gone.start(path());
            Awaitility.await().until(table::isWaitedFor);
            gone.close();
            Awaitility.await()
                    .until(() -> next.get(usage.path("Daily", "&$format=csv")).status() == 200);
        }
    }
}
