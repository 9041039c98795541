package io.tallygate.store.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * The Postgres of a JVM's tests: an embedded one (its writes are not synced to disk, for speed), or the one that
 * {@code TALLYGATE_TEST_DATABASE_URL} names, which is left as it was found.
 */
final class TestServer {
    /** Whether the tests run on a Postgres that was given to them. */
    static final boolean GIVEN =
            !System.getProperty("tallygate.test.database.url", "").isEmpty();

    private static final String ADMIN = "postgres";

    private final URI uri;
    private final String admin;
    private final String password;
    private final String prefix;

    private TestServer(URI uri, String admin, String password, String prefix) {
        this.uri = uri;
        this.admin = admin;
        this.password = password;
        this.prefix = prefix;
    }

    /** The only one, started by whoever asks first. */
    static TestServer get() {
        return Started.SERVER;
    }

    private static final class Started {
        static final TestServer SERVER = GIVEN ? given() : embedded();

        private Started() {}
    }

    private static TestServer embedded() {
        try {
            return of(EmbeddedPostgres.builder()
                    // Chosen before the cluster is made, which takes seconds.
                    .setPort(FreePort.next())
                    .setServerConfig("max_connections", "200")
                    .start());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** An embedded one. */
    static TestServer of(EmbeddedPostgres server) {
        URI uri = URI.create("postgresql://localhost:" + server.getPort() + "/postgres");
        return new TestServer(uri, ADMIN, ADMIN, "tallygate_");
    }

    private static TestServer given() {
        TestServer server = new TestServer(
                URI.create(System.getProperty("tallygate.test.database.url")),
                System.getProperty("tallygate.test.database.user"),
                System.getProperty("tallygate.test.database.password"),
                "tallygate_test_" + ProcessHandle.current().pid() + "_");
        List<String> roles = server.names("select quote_ident(rolname) from pg_roles");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> server.clear(roles)));
        return server;
    }

    String host() {
        return uri.getHost();
    }

    int port() {
        return uri.getPort() < 0 ? 5432 : uri.getPort();
    }

    /** Of one of its databases; with what is asked of all connections, such as {@code sslmode}. */
    String url(String database) {
        String query = uri.getQuery() == null ? "" : "?" + uri.getQuery();
        return "postgresql://" + host() + ":" + port() + "/" + database + query;
    }

    /** A role that may create databases and roles. */
    String user() {
        return admin;
    }

    String password() {
        return password;
    }

    /** What the names of this JVM's databases begin with. */
    String prefix() {
        return prefix;
    }

    Connection connect(String database) throws SQLException {
        return DriverManager.getConnection("jdbc:" + url(database), admin, password);
    }

    /** Runs a statement in the database that was there first. */
    void execute(String sql) {
        try (Connection connection = connect(uri.getPath().substring(1));
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private List<String> names(String sql) {
        try (Connection connection = connect(uri.getPath().substring(1));
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> names = new ArrayList<>();
            while (rows.next()) {
                names.add(rows.getString(1));
            }
            return names;
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    // A role goes when the databases are gone in which it owned something.
    private void clear(List<String> rolesBefore) {
        names("select datname from pg_database where starts_with(datname, '" + prefix + "')")
                .forEach(database -> execute("drop database " + database + " with (force)"));
        names("select quote_ident(rolname) from pg_roles").stream()
                .filter(role -> !rolesBefore.contains(role))
                .forEach(role -> execute("drop role " + role));
    }
}
