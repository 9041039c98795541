package io.tallygate.deploy;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tallygate.deploy.config.Configuration;
import io.tallygate.deploy.config.ServeConfig;
import io.tallygate.deploy.config.Setting.Purpose;
import io.tallygate.deploy.observe.MetricsRegistry;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the gateway until the process is told to stop. */
@Command(
        name = "serve",
        description = "Runs the gateway against a Postgres and issuers that are there; stops on SIGTERM or Ctrl-C.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Required settings:",
            "  database.url, database.user, database.password",
            "  operator.tenantId, operator.subscriptionId",
            "  auth.audiences, auth.issuers, continuation.secret",
            "deploy/README.md describes all; --check-config shows what is in force.",
            "SIGHUP reads the configuration again: limits, issuers and the log level change.",
            "The schema must be there: tallygate migrate."
        })
final class ServeCommand implements Callable<Integer> {
    private final Map<String, String> environment;
    private final Starter starter;

    @Mixin
    private ConfigOptions options;

    @Option(
            names = "--restored",
            description = {
                "The database was restored from a backup that may lack the latest:",
                "start with deliveries held. Compare them with each endpoint's own",
                "book, then resume: tallygate deliveries compare,",
                "deliveries resume --compared"
            })
    private boolean restored;

    @Spec
    private CommandSpec spec;

    /** Starts the gateway. */
    @FunctionalInterface
    interface Starter {
        /** Starts it. */
        RunningProcess.Service start(Vertx vertx, ServeConfig config, StartOptions options);
    }

    ServeCommand(Map<String, String> environment, Starter starter) {
        this.environment = environment;
        this.starter = starter;
    }

    @Override
    public Integer call() throws Exception {
        Optional<Configuration> configuration = options.loadOrShow(
                environment, Purpose.SERVE, spec.commandLine().getOut());
        return configuration.isEmpty() ? CommandLine.ExitCode.OK : run(configuration.get());
    }

    private int run(Configuration configuration) throws Exception {
        ServeConfig config = ServeConfig.from(configuration);
        LogLevels.set(config.logLevel());
        PrometheusMeterRegistry registry = MetricsRegistry.create();
        Vertx vertx = MetricsRegistry.vertx(registry);
        StartOptions start = new StartOptions(
                restored,
                Optional.of(new StartOptions.Configured(configuration, () -> options.read(environment, Purpose.SERVE))),
                Optional.of(registry));
        return new RunningProcess(vertx, config.stopTimeout()).run(() -> starter.start(vertx, config, start));
    }
}
