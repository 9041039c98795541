package io.tallygate.store;

import io.tallygate.store.testing.TestPostgres;
import java.sql.SQLException;

/** Migrates as far as an earlier version went, for tests elsewhere of what comes after it. */
public final class MigrationsTo {
    private MigrationsTo() {}

    /** Migrates to this version. */
    public static void version(TestPostgres postgres, String version) throws SQLException {
        Migrations.migrate(postgres.migrationConfig(), version);
    }

    /** Migrates to what there is now. */
    public static void latest(TestPostgres postgres) throws SQLException {
        Migrations.migrate(postgres.migrationConfig());
    }
}
