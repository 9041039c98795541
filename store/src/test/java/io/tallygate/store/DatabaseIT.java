package io.tallygate.store;

import static io.tallygate.store.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tallygate.store.testing.TestPostgres;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.sqlclient.Row;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DatabaseIT {
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
    private final TestPostgres postgres = TestPostgres.fresh();
    private final List<Database> opened = new ArrayList<>();

    @AfterEach
    void close() {
        opened.forEach(database -> await(database.close()));
        await(vertx.close());
    }

    @Test
    void fullQueueIsBusy() {
        Database database = open(config(postgres.config().url(), 1, 2, Duration.ofSeconds(20)));
        one(database);
        List<Future<String>> calls = IntStream.range(0, 4)
                .mapToObj(i -> database.read(connection -> text(connection, "select pg_sleep(0.5)::text")))
                .toList();
        List<Throwable> failures = new ArrayList<>();
        for (Future<String> call : calls) {
            try {
                await(call);
            } catch (RuntimeException failed) {
                failures.add(failed);
            }
        }
        assertThat(failures).hasSize(1).allMatch(StoreBusyException.class::isInstance);
        assertThat(one(database)).isEqualTo("1");
    }

    @Test
    void longWaitForAConnectionIsBusy() {
        Database database = open(config(postgres.config().url(), 1, 2, Duration.ofSeconds(20)));
        Future<String> slow = database.read(connection -> text(connection, "select pg_sleep(4)::text"));
        assertThatThrownBy(() -> one(database)).isInstanceOf(StoreBusyException.class);
        await(slow);
    }

    @Test
    void terminatedBackendsAreNotNoticedByReaders() {
        Database database = open(postgres.config());
        for (int round = 0; round < 20; round++) {
            Future.join(IntStream.range(0, 8)
                    .mapToObj(i -> database.read(c -> text(c, "select '1'")))
                    .toList());
            assertThat(one(database)).isEqualTo("1");
            postgres.execute("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'tallygate_app'"
                    + " and datname = current_database()");
            assertThat(one(database)).isEqualTo("1");
        }
    }

    @Test
    void backendTerminatedInMidReadIsNotNoticedEither() {
        Database database = open(postgres.config());
        Future<String> read = database.read(c -> text(c, "select count(*)::text from (select pg_sleep(1)) as slow"));
        await().until(() -> !sleeping().isEmpty());
        postgres.execute("select pg_terminate_backend(" + sleeping().get(0) + ")");
        String counted = await(read);
        assertThat(counted).isEqualTo("1");
    }

    @Test
    void unreachableServerIsUnavailable() {
        Database database = open(config("postgresql://localhost:1/none", 2, 10, Duration.ofSeconds(20)));
        assertThatThrownBy(() -> one(database)).isInstanceOf(StoreUnavailableException.class);
        assertThatThrownBy(() -> await(database.transaction(connection -> text(connection, "select '1'"))))
                .isInstanceOf(StoreUnavailableException.class);
    }

    @Test
    void statementThatRunsTooLongIsEndedAndItsConnectionGoesOn() {
        Database database = open(config(postgres.config().url(), 1, 10, Duration.ofMillis(500)));
        String pid = await(database.read(connection -> text(connection, "select pg_backend_pid()::text")));
        assertThatThrownBy(() -> await(database.transaction(connection ->
                        text(connection, "insert into usage_window select now(), now(), 1, 1, 0 from pg_sleep(30)"))))
                .isInstanceOf(StoreUnavailableException.class);
        for (int i = 0; i < 5; i++) {
            assertThat(one(database)).isEqualTo("1");
        }
        String later = await(database.read(connection -> text(connection, "select pg_backend_pid()::text")));
        assertThat(later).isEqualTo(pid);
        assertThat(postgres.query("select count(*) from usage_window")).containsExactly("0");
        assertThat(sleeping()).isEmpty();
    }

    @Test
    void longReadMayTakeLongerThanAStatementAndLeavesHalfOfTheConnectionsToOthers() {
        Database database = open(config(postgres.config().url(), 3, 10, Duration.ofMillis(500)));
        Future<String> read = database.longRead(connection -> text(connection, "select 'read' from pg_sleep(1.5)"));
        assertThatThrownBy(() -> await(database.longRead(connection -> text(connection, "select '1'"))))
                .isInstanceOf(StoreBusyException.class);
        assertThat(one(database)).isEqualTo("1");
        assertThat(await(read)).isEqualTo("read");
        String access = await(database.longRead(connection -> text(connection, "show transaction_read_only")));
        assertThat(access).isEqualTo("on");
        String timeout = await(database.read(connection -> text(connection, "show statement_timeout")));
        assertThat(timeout).isEqualTo("500ms");
    }

    @Test
    void workThatForgetsItsTransactionLosesItsLocks() {
        Database database = open(config(postgres.config().url(), 2, 10, Duration.ofMillis(500)));
        Future<String> stuck = database.transaction(
                connection -> text(connection, "select sealed_through::text from window_state for update")
                        .compose(locked -> Future.future(never -> {})));
        await().until(() -> postgres.query("select state from pg_stat_activity where usename = 'tallygate_app'"
                        + " and datname = current_database() and state like 'idle in transaction%'")
                .isEmpty());
        String mine = await(
                database.transaction(connection -> text(connection, "select 'mine' from window_state for update")));
        assertThat(mine).isEqualTo("mine");
        assertThatThrownBy(() -> await(stuck)).isInstanceOf(StoreUnavailableException.class);
    }

    private Database open(DatabaseConfig config) {
        Database database = Database.open(vertx, config);
        opened.add(database);
        return database;
    }

    private List<String> sleeping() {
        return postgres.query("select pid from pg_stat_activity where state = 'active' and query like '%pg_sleep(%'"
                + " and usename = 'tallygate_app' and datname = current_database()");
    }

    private static String one(Database database) {
        return await(database.read(connection -> text(connection, "select '1'")));
    }

    private static Future<String> text(io.vertx.sqlclient.SqlConnection connection, String sql) {
        return connection.preparedQuery(sql).execute().map(rows -> {
            Row row = rows.size() == 0 ? null : rows.iterator().next();
            return row == null ? null : row.getString(0);
        });
    }

    static DatabaseConfig config(String url, int poolSize, int queue, Duration statementTimeout) {
        return new DatabaseConfig(
                url, "tallygate_app", "app-secret", poolSize, queue, Duration.ofSeconds(2), statementTimeout);
    }
}
