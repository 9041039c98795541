package io.tallygate.deploy;

import io.tallygate.deploy.config.Configuration;
import io.tallygate.deploy.config.ServeConfig;
import io.tallygate.deploy.config.Setting.Purpose;
import io.tallygate.deploy.files.DirectoryTrial;
import io.tallygate.gateway.collect.CollectSource;
import io.tallygate.gateway.collect.CollectSources;
import io.tallygate.gateway.collect.ConfiguredSource;
import io.tallygate.gateway.collect.DirectoryConfig;
import io.tallygate.gateway.collect.SourceConfig;
import io.tallygate.gateway.collect.SourceException;
import io.tallygate.gateway.collect.UsageWindow;
import io.tallygate.gateway.collect.WindowRecords;
import io.tallygate.gateway.ingest.UsageRecordParser;
import io.tallygate.routing.registration.RegistrationStore;
import io.tallygate.store.Database;
import io.tallygate.store.collect.CollectFileStore;
import io.tallygate.store.collect.CollectStore;
import io.tallygate.store.collect.CollectedSource;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows what collecting from a source would bring. */
@Command(
        name = "collect",
        description = {
            "Asks a source for its next windows of usage, or looks into its directory, and shows what would come.",
            "Nothing is written: what collects is serve."
        },
        sortOptions = false,
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:all of it would be taken", "1:some would not, or it failed", "2:called wrongly"},
        footer = {"", "It reads the settings of serve, and needs no gateway."})
final class CollectCommand implements Callable<Integer> {
    private final Map<String, String> environment;
    private final Clock clock;

    @Mixin
    private ConfigOptions options;

    @Option(names = "--dry-run", description = "Only look: to collect is what serve does.")
    private boolean dryRun;

    @Option(names = "--source", required = true, paramLabel = "NAME", description = "Which one of collect.sources.")
    private String name;

    @Option(
            names = "--windows",
            paramLabel = "N",
            defaultValue = "1",
            description = "How many windows (default: ${DEFAULT-VALUE}).")
    private int windows;

    @Spec
    private CommandSpec spec;

    CollectCommand(Map<String, String> environment) {
        this.environment = environment;
        this.clock = Clock.systemUTC();
    }

    @Override
    public Integer call() throws Exception {
        if (!dryRun) {
            throw new CommandLine.ParameterException(spec.commandLine(), "Expected --dry-run: what collects is serve");
        }
        if (windows < 1) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "--windows is " + windows + ", expected 1 or more");
        }
        Optional<Configuration> configuration = options.loadOrShow(
                environment, Purpose.SERVE, spec.commandLine().getOut());
        return configuration.isEmpty() ? CommandLine.ExitCode.OK : run(ServeConfig.from(configuration.get()));
    }

    private int run(ServeConfig config) throws Exception {
        ConfiguredSource source = config.collect().all().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new CommandLine.ParameterException(
                        spec.commandLine(),
                        "--source is " + name + ", expected one of collect.sources: "
                                + config.collect().all().stream()
                                        .map(ConfiguredSource::name)
                                        .collect(Collectors.joining(", "))));
        Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
        try {
            Database database = Database.open(vertx, config.database());
            database.requireOrdinaryRole().await();
            boolean registered = isRegistered(source, new RegistrationStore(database));
            UsageRecordParser parser =
                    new UsageRecordParser(clock, config.retention().keep());
            int looked = source instanceof DirectoryConfig directory
                    ? look(directory, new CollectFileStore(database), parser)
                    : look(
                            (SourceConfig) source,
                            begin((SourceConfig) source, new CollectStore(database)),
                            CollectSources.of(vertx, (SourceConfig) source, config.operatorSubscription()),
                            parser);
            return registered ? looked : CommandLine.ExitCode.SOFTWARE;
        } finally {
            vertx.close().await();
        }
    }

    private int look(DirectoryConfig directory, CollectFileStore files, UsageRecordParser parser) throws IOException {
        boolean good =
                new DirectoryTrial(directory, files, parser, spec.commandLine().getOut()).run();
        return good ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private boolean isRegistered(ConfiguredSource source, RegistrationStore registrations) {
        int found = registrations.findByReference(source.registration()).await().size();
        if (found != 1) {
            spec.commandLine()
                    .getOut()
                    .println("The registration of " + name + ", " + source.registration() + ", "
                            + (found == 0
                                    ? "is not there: nothing is collected before it is."
                                    : "may be any of " + found + ": give its resource id."));
        }
        return found == 1;
    }

    private Instant begin(SourceConfig source, CollectStore windows) {
        Optional<CollectedSource> known = windows.sources().await().stream()
                .filter(each -> each.source().equals(name))
                .findFirst();
        return known.filter(each -> each.completeThrough().isAfter(each.begins()))
                .map(each -> told(" is complete through ", each.completeThrough()))
                .orElseGet(() -> told(
                        " was not collected yet: it would begin with ",
                        known.map(CollectedSource::begins)
                                .orElseGet(() -> SourceWork.begins(source, clock.instant()))));
    }

    private Instant told(String what, Instant time) {
        spec.commandLine().getOut().println(name + what + time + ".");
        return time;
    }

    private int look(SourceConfig config, Instant begin, CollectSource source, UsageRecordParser parser) {
        PrintWriter out = spec.commandLine().getOut();
        Duration length = config.granularity().length();
        boolean good = true;
        Instant from = begin;
        for (int seen = 0; seen < windows && good; seen++, from = from.plus(length)) {
            UsageWindow window = new UsageWindow(from, from.plus(length));
            if (window.to().plus(config.lag()).isAfter(clock.instant())) {
                out.println("What comes then is not final there.");
                break;
            }
            good = look(window, source, new WindowRecords(name, window, parser), out);
            out.flush();
        }
        return good ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private static boolean look(UsageWindow window, CollectSource source, WindowRecords records, PrintWriter out) {
        CollectTrial trial = new CollectTrial(source);
        try {
            trial.read(window, records);
        } catch (SourceException trouble) {
            out.printf("%n%s to %s: %s: %s%n", window.from(), window.to(), trouble.kind(), trouble.getMessage());
            return false;
        }
        out.printf("%n%s to %s, %d pages%n", window.from(), window.to(), trial.pages());
        trial.byMeter()
                .forEach((meter, counts) -> out.printf(
                        Locale.ROOT,
                        "  %s %8d rows %8d records%s%n",
                        meter,
                        counts.rows(),
                        counts.records(),
                        counts.refused() == 0 ? "" : ", " + counts.refused() + " refused"));
        out.println(trial.byMeter().isEmpty() ? "  nothing" : "  in all " + trial.total());
        trial.refusal().ifPresent(why -> out.println("  The first that would be refused: " + why));
        return trial.refusal().isEmpty();
    }
}
