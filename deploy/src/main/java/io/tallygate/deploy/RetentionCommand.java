package io.tallygate.deploy;

import io.tallygate.deploy.config.Configuration;
import io.tallygate.deploy.config.RetentionConfig;
import io.tallygate.deploy.config.ServeConfig;
import io.tallygate.deploy.config.Setting.Purpose;
import io.tallygate.store.Database;
import io.tallygate.store.Partitions;
import io.tallygate.store.retention.DroppedMonth;
import io.tallygate.store.retention.PastMonth;
import io.tallygate.store.retention.RetentionStore;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows which months are older than the retention, and drops those that are final. */
@Command(
        name = "retention",
        description = {
            "Shows which months of usage are past their retention and what holds them back; --apply drops those that are final."
        },
        sortOptions = false,
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:nothing that is past is held back", "1:something is, or it failed", "2:called wrongly"},
        footer = {"", "It reads the settings of serve, and needs no gateway."})
final class RetentionCommand implements Callable<Integer> {
    private final Map<String, String> environment;

    @Mixin
    private ConfigOptions options;

    @Option(names = "--apply", description = "Drop them. Without it nothing is changed.")
    private boolean apply;

    @Spec
    private CommandSpec spec;

    RetentionCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws Exception {
        Optional<Configuration> configuration = options.loadOrShow(
                environment, Purpose.SERVE, spec.commandLine().getOut());
        return configuration.isEmpty() ? CommandLine.ExitCode.OK : run(configuration.get());
    }

    private int run(Configuration configuration) throws Exception {
        ServeConfig config = ServeConfig.from(configuration);
        if (config.retention().keep().compareTo(RetentionConfig.LEAST) < 0) {
            throw new IllegalArgumentException(
                    "usage.retention is less than 62 days: usage that is dropped must be kept for so long");
        }
        Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
        try {
            Database database = Database.open(vertx, config.database());
            database.requireOrdinaryRole().await();
            return run(config, new RetentionStore(database, new Partitions()));
        } finally {
            vertx.close().await();
        }
    }

    private int run(ServeConfig config, RetentionStore store) {
        PrintWriter out = spec.commandLine().getOut();
        Duration keep = config.retention().keep();
        Instant floor = store.floor().await();
        out.println("Usage is kept for " + keep.toDays() + " days (usage.retention); "
                + (floor == null ? "nothing was dropped yet" : "what was reported before " + day(floor) + " is dropped")
                + ".");
        List<PastMonth> past = apply
                ? new RetentionRun(store, keep, RetentionWork.actor(config), this::dropped, () -> false)
                        .run()
                        .await()
                : store.past(keep).await();
        past.forEach(month -> show(out, month, month.equals(past.get(0))));
        if (past.isEmpty()) {
            out.println(apply ? "Nothing is left that is older." : "Nothing is older.");
        } else if (!apply && past.get(0).isFinal()) {
            out.println("Nothing was changed: --apply drops what is final.");
        }
        return past.stream().allMatch(PastMonth::isFinal) ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private void dropped(DroppedMonth month) {
        spec.commandLine()
                .getOut()
                .println("Dropped " + month(month.month()) + ": " + month.records() + " records, " + size(month.bytes())
                        + ".");
        spec.commandLine().getOut().flush();
    }

    private static void show(PrintWriter out, PastMonth month, boolean oldest) {
        String what = month.isFinal()
                ? oldest ? "final" : "final; goes after the months before it"
                : "stays: " + month.whyNotFinal();
        out.printf(Locale.ROOT, "%n%s  %s, %s%n", month(month.month()), size(month.bytes()), what);
        month.tables()
                .forEach(table -> out.printf(
                        Locale.ROOT, "  %-16s %12d rows  %10s%n", table.name(), table.rows(), size(table.bytes())));
    }

    private static String month(Instant time) {
        return time.toString().substring(0, "uuuu-MM".length());
    }

    private static String day(Instant time) {
        return time.toString().substring(0, "uuuu-MM-dd".length());
    }

    private static String size(long bytes) {
        return bytes < 1 << 20
                ? (bytes >> 10) + " KiB"
                : String.format(Locale.ROOT, "%.1f MiB", bytes / (double) (1 << 20));
    }
}
