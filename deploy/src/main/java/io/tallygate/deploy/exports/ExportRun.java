package io.tallygate.deploy.exports;

import io.tallygate.deploy.client.CommandProgress;
import io.tallygate.deploy.client.Retries;
import io.tallygate.deploy.client.RetryPolicy;
import io.tallygate.deploy.client.StoppedException;
import io.tallygate.gateway.http.Excerpt;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;

/** One export: waits until the range is sealed, downloads and verifies its rows, and puts the file into its place. */
final class ExportRun {
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    private final ExportOptions options;
    private final ExportRequest request;
    private final UsageStreams streams;
    private final Retries.Pause pause;
    private final Clock clock;
    private final PrintWriter err;

    ExportRun(
            ExportOptions options,
            ExportRequest request,
            UsageStreams streams,
            Retries.Pause pause,
            Clock clock,
            PrintWriter err) {
        this.options = options;
        this.request = request;
        this.streams = streams;
        this.pause = pause;
        this.clock = clock;
        this.err = err;
    }

    /**
     * What was written.
     *
     * @param sha256 hexadecimal
     * @param completeThrough as of {@link ExportState}
     */
    record Written(long rows, long bytes, String sha256, String completeThrough) {}

    /**
     * Writes to a stream.
     *
     * @throws StoppedException if the gateway does not go on
     * @throws ExportException if it is refused, or is not what was announced
     */
    Written run(ExportOutput output, String name) throws IOException, StoppedException, InterruptedException {
        ExportState state = complete(output, name);
        return written(state);
    }

    /** Writes to a file, of which nothing is seen until all of it is there. */
    Written run(PartFile part, Path file) throws IOException, StoppedException, InterruptedException {
        ExportState state = complete(part, file.toString());
        Written written = written(state);
        options.requireFree(file);
        Path parquet = file.resolveSibling(file.getFileName() + ".part.parquet");
        if (request.format() == ExportFormat.parquet) {
            DigestingOutput converted = convert(part.path(), parquet, state);
            written = new Written(state.rows(), converted.bytes(), converted.sha256(), state.completeThrough());
        }
        options.requireFree(file);
        if (request.format() == ExportFormat.parquet) {
            PartFile.replace(parquet, file);
            part.delete();
        } else {
            part.moveTo(file);
        }
        return written;
    }

    private static Written written(ExportState state) {
        return new Written(state.rows(), state.bytes(), state.sha256(), state.completeThrough());
    }

    private ExportState complete(ExportOutput output, String name)
            throws IOException, StoppedException, InterruptedException {
        ExportState start = output.start();
        if (start.complete()) {
            notice(name, "all rows are there already");
            return start;
        }
        long rows = announced(name);
        if (start.announced() >= 0 && start.announced() != rows) {
            throw ExportException.refused("the gateway announces " + rows + " rows, and it was " + start.announced()
                    + " when this export began: --restart begins anew");
        }
        try (CommandProgress progress = progress(name, start.rows(), rows)) {
            if (start.rows() > 0) {
                progress.notice("going on after row " + start.rows());
            }
            ExportState state = new ExportState(
                    start.request(),
                    rows,
                    start.header(),
                    start.token(),
                    start.rows(),
                    start.bytes(),
                    start.sha256(),
                    start.completeThrough(),
                    false);
            return new Download(streams, request.format().wire(), output, state, options.digestRequired())
                    .run(
                            new Retries(RetryPolicy.DEFAULT, pause, progress::notice),
                            new RowRate(progress, clock, start.rows()));
        }
    }

    private long announced(String name) throws IOException, StoppedException, InterruptedException {
        Retries retries = new Retries(RetryPolicy.DEFAULT, pause, text -> notice(name, text));
        Duration waited = Duration.ZERO;
        while (true) {
            UsageStreams.Announced announced = retries.call(streams::announced);
            if (announced.pause() == null) {
                return announced.rows();
            }
            if (waited.compareTo(options.longestWait()) >= 0) {
                throw new StoppedException("the range is not sealed yet (--wait says how long to wait for it)");
            }
            Duration next = announced.pause().compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : announced.pause();
            notice(name, "the range is not sealed yet; asking again in " + next.toMillis() / 1000.0 + " s");
            pause.pause(next);
            // A pause of nothing must not be one without end.
            waited = waited.plus(next.isZero() ? Duration.ofSeconds(1) : next);
        }
    }

    private DigestingOutput convert(Path csv, Path parquet, ExportState state) throws IOException {
        try (CommandProgress progress = progress("Parquet", 0, state.rows())) {
            return ParquetFile.write(csv, parquet, state.completeThrough(), new RowRate(progress, clock, 0));
        }
    }

    private CommandProgress progress(String name, long start, long rows) {
        return CommandProgress.of(new CommandProgress.Task(name, " rows", 1, start, rows), err, clock);
    }

    private void notice(String name, String text) {
        err.println(Excerpt.oneLine(name) + ": " + text);
        err.flush();
    }
}
