package io.tallygate.deploy.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tallygate.store.testing.OwnPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@OwnPostgres("is about the embedded one")
class EmbeddedDatabaseLongIT {
    @TempDir
    Path root;

    @Test
    void durableAndClosedToStrangers() throws Exception {
        try (EmbeddedDatabase database = EmbeddedDatabase.start(new DemoDirectory(root))) {
            assertThat(query(database, "SHOW fsync")).isEqualTo("on");
            assertThat(query(database, "SHOW synchronous_commit")).isEqualTo("on");
            assertThat(query(database, "SHOW full_page_writes")).isEqualTo("on");
            assertThat(query(database, "SHOW listen_addresses")).isEqualTo("127.0.0.1");
            assertThat(query(database, "SHOW unix_socket_directories")).isEmpty();
            assertThat(query(database, "SELECT current_database()")).isEqualTo("tallygate");
            assertThatThrownBy(
                            () -> DriverManager.getConnection(database.access().jdbcUrl(), "postgres", "wrong"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("password");
            assertThat(database.access())
                    .asString()
                    .doesNotContain(database.access().password());
        }
    }

    @Test
    void keepsDataAndPortFromStartToStart() throws Exception {
        DatabaseAccess first;
        try (EmbeddedDatabase database = EmbeddedDatabase.start(new DemoDirectory(root))) {
            first = database.access();
            update(database, "CREATE TABLE kept AS SELECT 42 AS answer");
        }
        try (EmbeddedDatabase database = EmbeddedDatabase.start(new DemoDirectory(root))) {
            assertThat(database.access()).isEqualTo(first);
            assertThat(query(database, "SELECT answer FROM kept")).isEqualTo("42");
        }
    }

    @Test
    void takesOverFromAnOrphanOfAKilledJvm() throws Exception {
        ProcessHandle orphan;
        try (OtherJvm killed = OtherJvm.start(DatabaseProcess.class, root.toString())) {
            killed.awaitLine("ready");
            orphan = PostmasterProcess.find(data()).orElseThrow();
        }
        assertThat(orphan.isAlive()).isTrue();

        try (EmbeddedDatabase database = EmbeddedDatabase.start(new DemoDirectory(root))) {
            assertThat(orphan.isAlive()).isFalse();
            assertThat(query(database, "SELECT answer FROM kept")).isEqualTo("42");
        }
    }

    @Test
    void startsAgainAfterAKilledServer() throws Exception {
        try (OtherJvm killed = OtherJvm.start(DatabaseProcess.class, root.toString())) {
            killed.awaitLine("ready");
        }
        PostmasterProcess.find(data()).orElseThrow().destroyForcibly();

        try (EmbeddedDatabase database = EmbeddedDatabase.start(new DemoDirectory(root))) {
            assertThat(query(database, "SELECT answer FROM kept")).isEqualTo("42");
        }
    }

    @Test
    void comesBackByItselfWhenItIsKilledWhileTheDemoRuns() throws Exception {
        try (EmbeddedDatabase database = EmbeddedDatabase.start(new DemoDirectory(root))) {
            update(database, "CREATE TABLE kept AS SELECT 42 AS answer");
            ProcessHandle first = PostmasterProcess.find(data()).orElseThrow();
            first.destroyForcibly();

            await().atMost(Duration.ofSeconds(60))
                    .ignoreExceptionsInstanceOf(SQLException.class)
                    .until(() -> !first.isAlive() && "42".equals(query(database, "SELECT answer FROM kept")));
            assertThat(PostmasterProcess.find(data())).isPresent().get().isNotEqualTo(first);
        }
        assertThat(PostmasterProcess.find(data())).isEmpty();
    }

    @Test
    void aSecondDemoOnTheSameDirectoryIsRefused() throws Exception {
        DemoDirectory directory = new DemoDirectory(root);
        try (DemoLock held = DemoLock.take(directory)) {
            assertThat(held).isNotNull();
            assertThatThrownBy(() -> DemoLock.take(directory))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(root.toString())
                    .hasMessageContaining(Long.toString(ProcessHandle.current().pid()));
        }
        DemoLock.take(directory).close();
    }

    private Path data() throws Exception {
        return root.toRealPath().resolve("postgres");
    }

    static void update(EmbeddedDatabase database, String sql) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String query(EmbeddedDatabase database, String sql) throws SQLException {
        List<String> values = new ArrayList<>();
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                values.add(rows.getString(1));
            }
        }
        return String.join(",", values);
    }

    private static Connection connect(EmbeddedDatabase database) throws SQLException {
        DatabaseAccess access = database.access();
        return DriverManager.getConnection(access.jdbcUrl(), access.superuser(), access.password());
    }
}
