package io.tallygate.deploy.exports;

import io.tallygate.deploy.client.GatewayClient;
import io.tallygate.deploy.client.GatewayTarget;
import io.tallygate.deploy.client.Retries;
import io.tallygate.deploy.client.StoppedException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command {@code export}: usage of a range as one file, whole and verified. */
@Command(
        name = "export",
        description = "Writes all usage of a range to a file. Interrupted, the same command goes on where it stopped.",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:the file is there, whole and verified",
            "1:refused, or not what the gateway announced: there is no file",
            "2:the command line or a file is not as expected; nothing was written",
            "3:stopped before the end: the same command goes on from there"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  tallygate export --everyone --from 2026-11-01 --to 2026-12-01 -o nov.parquet",
            "  tallygate export --subscription ID --granularity hourly \\",
            "      --from 2026-11-01 --to 2026-11-02 -o day.csv",
            "  tallygate export --everyone --from 2026-11-01 --to 2026-11-02 \\",
            "      --format ndjson -o - | jq .properties.quantity"
        })
public final class ExportCommand implements Callable<Integer> {
    private static final int REFUSED = 1;
    private static final int UNUSABLE = 2;
    private static final int STOPPED = 3;
    private static final Duration SILENCE = Duration.ofMinutes(2);

    private final Map<String, String> environment;
    private final Retries.Pause pause;
    private final OutputStream standardOutput;
    private final Duration silence;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ExportOptions options;

    /** The command as it runs in a shell. */
    public ExportCommand() {
        this(
                System.getenv(),
                duration -> Thread.sleep(duration.toMillis()),
                // Not System.out, which does not tell that nobody reads any more.
                new FileOutputStream(FileDescriptor.out),
                SILENCE);
    }

    /**
     * The command in other surroundings.
     *
     * @param pause waits between attempts
     * @param standardOutput where rows go if they go to no file
     * @param silence how long to wait for another byte
     */
    ExportCommand(Map<String, String> environment, Retries.Pause pause, OutputStream standardOutput, Duration silence) {
        this.environment = Map.copyOf(environment);
        this.pause = pause;
        this.standardOutput = standardOutput;
        this.silence = silence;
    }

    @Override
    public Integer call() throws InterruptedException {
        GatewayTarget target;
        ExportRequest request;
        Path file;
        ExportOutput output;
        try {
            target = options.target(environment);
            request = options.request(target);
            file = options.file(request);
            String key = request.key(target.url());
            output = file == null
                    ? new StandardOutput(standardOutput, key)
                    : PartFile.open(file, key, options.restart());
        } catch (IOException | IllegalArgumentException reason) {
            return ended(UNUSABLE, text(reason), "Options: tallygate help export");
        }
        Thread hint = new Thread(() -> {
            // Below the bar.
            spec.commandLine().getErr().println();
            ended(STOPPED, "interrupted", goesOn(file));
        });
        Runtime.getRuntime().addShutdownHook(hint);
        try (GatewayClient gateway = new GatewayClient(target.url(), target.caFile(), silence)) {
            UsageStreams streams =
                    new UsageStreams(gateway, target.token(), request, options.gzip(target), Clock.systemUTC());
            return export(request, streams, file, output);
        } finally {
            removeHook(hint);
        }
    }

    private int export(ExportRequest request, UsageStreams streams, Path file, ExportOutput output)
            throws InterruptedException {
        PrintWriter err = spec.commandLine().getErr();
        Instant start = Instant.now();
        ExportRun run = new ExportRun(options, request, streams, pause, Clock.systemUTC(), err);
        try (output) {
            ExportRun.Written written =
                    output instanceof PartFile part ? run(run, part, file) : run.run(output, "standard output");
            PrintWriter to = file == null ? err : spec.commandLine().getOut();
            to.println((file == null ? "" : file + ": ") + summary(written, Duration.between(start, Instant.now())));
            to.println("sha256 " + written.sha256());
            to.flush();
            return 0;
        } catch (ExportException refused) {
            return ended(
                    REFUSED,
                    refused.getMessage(),
                    !refused.isWorthless()
                            ? ""
                            : file == null ? "What was written must not be used." : "Nothing of it is kept.");
        } catch (IllegalArgumentException inTheWay) {
            return ended(UNUSABLE, inTheWay.getMessage(), goesOn(file));
        } catch (StoppedException | IOException stopped) {
            return ended(STOPPED, text(stopped), goesOn(file));
        }
    }

    private static ExportRun.Written run(ExportRun run, PartFile part, Path file)
            throws IOException, StoppedException, InterruptedException {
        try {
            return run.run(part, file);
        } catch (ExportException refused) {
            if (refused.isWorthless()) {
                part.delete();
            }
            throw refused;
        }
    }

    private static String summary(ExportRun.Written written, Duration duration) {
        String rows = String.format(
                Locale.ROOT,
                "%,d rows, %,d bytes, verified, %.1f s",
                written.rows(),
                written.bytes(),
                duration.toMillis() / 1e3);
        return written.completeThrough() == null ? rows : rows + ", complete through " + written.completeThrough();
    }

    // The message of such an exception is no more than the file's name.
    private static String text(Exception reason) {
        return reason instanceof FileSystemException ? reason.toString() : reason.getMessage();
    }

    private static String goesOn(Path file) {
        return file == null
                ? "What was written is not whole."
                : "What has come so far is kept; the same command goes on from there.";
    }

    private int ended(int exitCode, String reason, String hint) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("tallygate export: " + reason);
        if (!hint.isEmpty()) {
            err.println(hint);
        }
        err.flush();
        return exitCode;
    }

    private static void removeHook(Thread hint) {
        try {
            Runtime.getRuntime().removeShutdownHook(hint);
        } catch (IllegalStateException shuttingDown) {
            // The hint is being printed.
        }
    }
}
