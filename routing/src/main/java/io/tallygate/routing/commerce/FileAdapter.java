package io.tallygate.routing.commerce;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files for every other billing or chargeback system: for a payer's day {@code DIRECTORY/payer=ID/DAY-KEY.ndjson}, the
 * same rows as {@code .csv} (RFC 4180), and last {@code .manifest.json} with rows, sums and SHA-256 of both. What has a
 * manifest is complete and never changes; what has none is to be ignored. A day with many rows comes in parts, each with
 * a key of its own.
 *
 * <p>Option: {@code directory}, which must exist: one that is created silently may lie under a mount that is missing.
 */
public final class FileAdapter implements CommerceAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(FileAdapter.class);

    private final Vertx vertx;
    private final Terms terms;
    private final Duration deadline;
    private final Path directory;

    /** @throws IllegalArgumentException if the directory is no absolute path */
    public FileAdapter(Vertx vertx, EndpointConfig config) {
        this.vertx = vertx;
        this.terms = new Terms(
                Grouping.DAY,
                false,
                true,
                config.maxAge(),
                config.dedupeWindow(),
                1,
                config.settle().orElse(Duration.ZERO));
        this.deadline = config.deadline();
        this.directory = Path.of(config.options().get("directory"));
        if (!directory.isAbsolute()) {
            throw new IllegalArgumentException("Endpoint " + config.name() + ": directory must be an absolute path");
        }
        if (!FileDelivery.isThere(directory)) {
            LOG.warn(
                    "Endpoint {}: there is no directory {}: nothing is written before it is there",
                    config.name(),
                    directory);
        }
    }

    @Override
    public Terms terms() {
        return terms;
    }

    /** A line for each row, each an object with the fields of {@link UsageFile#COLUMNS} in that order. */
    @Override
    public Buffer body(EventContent content) {
        return UsageFile.lines(content);
    }

    /** Writes the files. Disks cannot be interrupted: what takes too long goes on, under an outcome that is unknown. */
    @Override
    public Future<SubmissionResult> submit(Submission submission) {
        if (submission.events().size() > 1) {
            return Future.succeededFuture(
                    SubmissionResult.ofAll(submission, Outcome.TooLarge, null, "one event at a time"));
        }
        FileDelivery delivery = new FileDelivery(
                directory, submission.payer(), submission.events().get(0), submission.id());
        return vertx.executeBlocking(delivery::write, false)
                .timeout(deadline.toMillis(), TimeUnit.MILLISECONDS)
                .recover(late -> late instanceof TimeoutException
                        ? Future.succeededFuture(
                                new FileDelivery.Written(Outcome.NoAnswer, Optional.of("not written in time")))
                        : Future.failedFuture(late))
                .map(written -> SubmissionResult.ofAll(
                        submission, written.outcome(), null, written.detail().orElse(null)));
    }

    @Override
    public Future<Void> close() {
        return Future.succeededFuture();
    }
}
