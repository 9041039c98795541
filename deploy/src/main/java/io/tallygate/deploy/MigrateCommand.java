package io.tallygate.deploy;

import io.tallygate.deploy.config.Configuration;
import io.tallygate.deploy.config.MigrationSettings;
import io.tallygate.deploy.config.Setting.Purpose;
import io.tallygate.store.MigrationConfig;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Brings the database's schema up to date. */
@Command(
        name = "migrate",
        description = "Creates or updates the schema in Postgres; safe when two start at once.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Required settings:",
            "  database.url",
            "  database.user, database.password              the gateway's role",
            "  database.owner.user, database.owner.password  owns the schema",
            "Where these roles do not exist yet:",
            "  database.admin.user, database.admin.password  may create them"
        })
final class MigrateCommand implements Callable<Integer> {
    private final Map<String, String> environment;
    private final Migrator migrator;

    @Mixin
    private ConfigOptions options;

    @Spec
    private CommandSpec spec;

    /** Migrates a schema. */
    @FunctionalInterface
    interface Migrator {
        /** Returns the number of migrations that were run; tells of each. */
        int migrate(MigrationConfig config, Consumer<String> told) throws Exception;
    }

    MigrateCommand(Map<String, String> environment, Migrator migrator) {
        this.environment = environment;
        this.migrator = migrator;
    }

    @Override
    public Integer call() throws Exception {
        Optional<Configuration> configuration = options.loadOrShow(
                environment, Purpose.MIGRATE, spec.commandLine().getOut());
        return configuration.isEmpty() ? CommandLine.ExitCode.OK : run(configuration.get());
    }

    private int run(Configuration configuration) throws Exception {
        int run = migrator.migrate(MigrationSettings.from(configuration), this::tell);
        spec.commandLine()
                .getOut()
                .println(
                        run == 0
                                ? "The schema is up to date."
                                : "The schema is up to date: " + run + " migrations run.");
        return CommandLine.ExitCode.OK;
    }

    private void tell(String line) {
        spec.commandLine().getOut().println(line);
        spec.commandLine().getOut().flush();
    }
}
