package io.tallygate.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallygate.store.testing.TestPostgres;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The schema of earlier versions is brought up to date while it is full and in use; {@link BusyMigrationLongIT}: of all. */
class BusyMigrationIT {
    @ParameterizedTest
    @ValueSource(ints = {2, 6, 12})
    void nobodyWaitsLongWhileTheSchemaIsBroughtUpToDate(int version) throws Exception {
        BusyMigration.from(version);
    }

    @Test
    void aMigrationThatFindsATableInUseLetsOthersByAndTriesAgain() throws Exception {
        TestPostgres postgres = TestPostgres.unmigrated();
        MigrationsTo.version(postgres, "11");
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            // Longer than a migration waits; V12 changes this table.
            Future<?> longRead = threads.submit(() -> postgres.execute(
                    BusyMigration.PATIENCE + "begin; select count(*) from usage_window; select pg_sleep(2.5); commit"));
            while (postgres.query("select pid from pg_stat_activity where query like '%pg_sleep(2.5)%' and datname ="
                            + " current_database() and wait_event = 'PgSleep'")
                    .isEmpty()) {
                Thread.onSpinWait();
            }
            List<String> told = new ArrayList<>();
            Future<Integer> migrating = threads.submit(() -> Migrations.migrate(postgres.migrationConfig(), told::add));
            while (!migrating.isDone()) {
                postgres.execute(BusyMigration.PATIENCE + "select count(*) from usage_window");
            }
            longRead.get();
            assertThat(migrating.get()).isEqualTo(Migrations.VERSION - 11);
            assertThat(told)
                    .containsSubsequence(
                            "Migration 12: operators view",
                            "The tables are in use: trying again",
                            "Migration 12: operators view",
                            "Migration 13: retention");
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aSchemaOfALaterVersionIsRefused() throws Exception {
        TestPostgres postgres = TestPostgres.fresh();
        postgres.execute(
                "insert into flyway_schema_history select installed_rank + 100, '999', 'later', type, 'V999__later.sql',"
                        + " checksum, installed_by, installed_on, execution_time, success from flyway_schema_history"
                        + " where version = '1'");
        assertThatThrownBy(() -> Migrations.migrate(postgres.migrationConfig()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "The schema is of version 999, which this program does not know: use the one that made it, or a"
                                + " later one");
    }
}
