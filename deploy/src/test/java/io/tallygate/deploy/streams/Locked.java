package io.tallygate.deploy.streams;

import io.tallygate.store.testing.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** A table that nobody can read until this is closed. */
public final class Locked implements AutoCloseable {
    private final TestPostgres postgres;
    private final String table;
    private final Connection connection;

    /** Locks it. */
    public Locked(TestPostgres postgres, String table) throws SQLException {
        this.postgres = postgres;
        this.table = table;
        connection = postgres.connect();
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("lock table " + table + " in access exclusive mode");
        }
    }

    /** Whether somebody waits for it. */
    public boolean isWaitedFor() {
        return !postgres.query("select pid from pg_locks where not granted and relation = '" + table + "'::regclass")
                .isEmpty();
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
