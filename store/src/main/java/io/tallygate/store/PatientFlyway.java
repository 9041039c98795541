package io.tallygate.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.Consumer;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;
import org.flywaydb.core.api.callback.BaseCallback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/**
 * Runs migrations on a database that is in use. While one waits for a table, whoever comes after it waits too: so none waits
 * for more than a second. Then it is rolled back, lets the others by, and is tried again.
 */
final class PatientFlyway {
    // Half of Postgres' deadlock_timeout: of a migration and a request that wait for each other the migration gives
    // way.
    private static final String LOCK_TIMEOUT = "set lock_timeout = '500ms'";
    private static final String LOCK_NOT_AVAILABLE = "55P03";
    private static final int TRIES = 300;
    private static final String PAUSE = "select pg_sleep(1)";

    private final Flyway flyway;
    private final Consumer<String> told;

    /** Tells what it is at, a line each. */
    PatientFlyway(FluentConfiguration configuration, Consumer<String> told) {
        this.flyway = configuration.callbacks(new Patience(), new Told(told)).load();
        this.told = told;
    }

    /**
     * Runs what was not run yet; each migration is a transaction of its own.
     *
     * @return how many
     * @throws IllegalStateException if the schema is of a later version than this program
     */
    int migrate() {
        refuseFuture(flyway.info().current());
        int run = 0;
        for (int tries = 1; ; tries++) {
            int before = applied();
            try {
                return run + flyway.migrate().migrationsExecuted;
            } catch (FlywayException failed) {
                if (tries == TRIES || !isBusy(failed)) {
                    throw failed;
                }
                run += applied() - before;
                told.accept("The tables are in use: trying again");
                pause();
            }
        }
    }

    private int applied() {
        return flyway.info().applied().length;
    }

    private static void refuseFuture(MigrationInfo current) {
        if (current != null && current.getState() == MigrationState.FUTURE_SUCCESS) {
            throw new IllegalStateException("The schema is of version " + current.getVersion()
                    + ", which this program does not know: use the one that made it, or a later one");
        }
    }

    private static boolean isBusy(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && LOCK_NOT_AVAILABLE.equals(sql.getSQLState())) {
                return true;
            }
        }
        return false;
    }

    private void pause() {
        try (Connection connection = flyway.getConfiguration().getDataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(PAUSE);
        } catch (SQLException failed) {
            throw new FlywayException(failed);
        }
    }

    private static final class Patience extends BaseCallback {
        @Override
        public boolean supports(Event event, Context context) {
            return event == Event.AFTER_CONNECT;
        }

        @Override
        public void handle(Event event, Context context) {
            try (Statement statement = context.getConnection().createStatement()) {
                statement.execute(LOCK_TIMEOUT);
            } catch (SQLException failed) {
                throw new FlywayException(failed);
            }
        }
    }

    private static final class Told extends BaseCallback {
        private final Consumer<String> told;

        Told(Consumer<String> told) {
            this.told = told;
        }

        @Override
        public boolean supports(Event event, Context context) {
            return event == Event.BEFORE_EACH_MIGRATE;
        }

        @Override
        public void handle(Event event, Context context) {
            MigrationInfo migration = context.getMigrationInfo();
            told.accept("Migration " + migration.getVersion() + ": " + migration.getDescription());
        }
    }
}
