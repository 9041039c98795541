package io.tallygate.deploy.imports;

import io.tallygate.deploy.client.GatewayClient;
import io.tallygate.deploy.client.GatewayTarget;
import io.tallygate.deploy.client.Retries;
import io.tallygate.deploy.client.StateDirectory;
import io.tallygate.deploy.client.StoppedException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code import}: posts files of usage to a gateway, and says what became of each record. */
@Command(
        name = "import",
        description = "Posts files of usage to a gateway. Interrupted, the same command goes on where it stopped.",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:everything was taken",
            "1:something was refused: the reasons and line numbers are printed",
            "2:the command line or a file is not as expected; nothing was posted",
            "3:stopped before the end: the same command goes on from there"
        })
public final class ImportCommand implements Callable<Integer> {
    private static final int REFUSED = 1;
    private static final int UNUSABLE = 2;
    private static final int STOPPED = 3;

    private final Map<String, String> environment;
    private final Retries.Pause pause;

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "CloudEvents, saved usage pages, or FOCUS CSV.")
    private List<Path> paths;

    @Mixin
    private ImportOptions options;

    /** The command as it runs in a shell. */
    public ImportCommand() {
        this(System.getenv(), duration -> Thread.sleep(duration.toMillis()));
    }

    /**
     * The command in another environment.
     *
     * @param pause waits between attempts
     */
    ImportCommand(Map<String, String> environment, Retries.Pause pause) {
        this.environment = Map.copyOf(environment);
        this.pause = pause;
    }

    @Override
    public Integer call() throws InterruptedException {
        Map<InputFile, InputFormat> files = new LinkedHashMap<>();
        GatewayTarget target;
        DirectoryOptions directory;
        try {
            target = options.target(environment);
            directory = options.directory(target, environment);
            for (Path path : paths) {
                InputFile file = InputFile.of(path);
                files.put(file, options.format(file));
            }
        } catch (IOException | IllegalArgumentException reason) {
            return unusable(reason);
        }
        PrintWriter err = spec.commandLine().getErr();
        Thread hint = new Thread(() -> {
            err.println();
            err.println("Interrupted: the same command goes on where it stopped.");
            err.flush();
        });
        Runtime.getRuntime().addShutdownHook(hint);
        try (GatewayClient gateway = new GatewayClient(target.url(), target.caFile())) {
            ImportRun run = new ImportRun(
                    options,
                    target,
                    directory,
                    gateway,
                    pause,
                    Clock.systemUTC(),
                    StateDirectory.of(environment).resolve("import"),
                    err);
            return report(run, files, err);
        } finally {
            removeHook(hint);
        }
    }

    /** Only the reason: all the options below it would hide it. */
    private int unusable(Exception reason) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("tallygate import: " + reason.getMessage());
        err.println("Options: tallygate help import");
        err.flush();
        return UNUSABLE;
    }

    private int report(ImportRun run, Map<InputFile, InputFormat> files, PrintWriter err) throws InterruptedException {
        List<ImportResult> results = new ArrayList<>();
        String trouble = null;
        try {
            run.run(files, results);
        } catch (StoppedException | IOException stopped) {
            trouble = stopped.getMessage();
        }
        if (!results.isEmpty()) {
            new ImportSummary(results, options.errors())
                    .print(spec.commandLine().getOut());
        }
        if (trouble != null) {
            err.println("Stopped: " + trouble);
            err.println("What was posted so far is safe; the same command goes on from there.");
            err.flush();
            return STOPPED;
        }
        return results.stream().anyMatch(result -> result.refused() > 0) ? REFUSED : 0;
    }

    private static void removeHook(Thread hint) {
        try {
            Runtime.getRuntime().removeShutdownHook(hint);
        } catch (IllegalStateException shuttingDown) {
            // The hint is being printed.
        }
    }
}
