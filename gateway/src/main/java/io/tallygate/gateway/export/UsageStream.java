package io.tallygate.gateway.export;

import io.tallygate.store.StoreBusyException;
import io.tallygate.store.StoreUnavailableException;
import io.tallygate.store.aggregate.Page;
import io.tallygate.store.aggregate.PagePosition;
import io.tallygate.store.aggregate.UsageAggregate;
import io.tallygate.store.usage.Sha256;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a range of rows as one answer, in constant memory: one piece of the range is written while the next is read.
 * Between pieces nothing is held but the place, so a reader that stops reading costs its socket and two pieces; sealed
 * windows never change, so the pieces fit together whenever they are read.
 *
 * <p>The answer ends with the trailers {@code x-row-count} and {@code x-content-sha256}. If it cannot go on, its future
 * fails and the connection must be reset: nobody may take a part for the whole.
 */
public final class UsageStream {
    /** Rows that are read at a time. */
    public static final int PIECE = 2000;

    private static final Logger LOG = LoggerFactory.getLogger(UsageStream.class);
    private static final int WRITE = 64 << 10;
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final Vertx vertx;
    private final HttpServerResponse response;
    private final Content content;
    private final StreamLimits limits;
    private final MessageDigest digest = Sha256.begin();
    private final Promise<Void> done = Promise.promise();
    private final ByteText out = new ByteText(WRITE + (WRITE >> 2));
    private Iterator<UsageAggregate> rows;
    private Future<Page<UsageAggregate, PagePosition>> following;
    private long count;

    /**
     * What a stream consists of.
     *
     * @param pages reads the rows after a position
     * @param first where the stream begins
     * @param text how rows are written
     * @param tokens makes continuation tokens
     * @param every how many rows lie between two tokens; 0 for no tokens
     */
    public record Content(
            Function<PagePosition, Future<Page<UsageAggregate, PagePosition>>> pages,
            PagePosition first,
            RowText text,
            Function<PagePosition, String> tokens,
            int every) {}

    /** A stream into a response whose headers are set. */
    public UsageStream(Vertx vertx, HttpServerResponse response, Content content, StreamLimits limits) {
        this.vertx = vertx;
        this.response = response;
        this.content = content;
        this.limits = limits;
    }

    /** Sends it; also complete when the reader went away or was cut off for taking nothing. */
    public Future<Void> send() {
        // The first piece is read before the head is sent: a failure until then is an answer of its own.
        read(content.first(), false).onSuccess(this::begin).onFailure(done::tryFail);
        return done.future();
    }

    private void begin(Page<UsageAggregate, PagePosition> first) {
        response.setChunked(true).putHeader("Trailer", "x-row-count, x-content-sha256");
        response.closeHandler(gone -> done.tryComplete());
        response.exceptionHandler(broken -> done.tryComplete());
        content.text().begin(out);
        received(first);
    }

    private void received(Page<UsageAggregate, PagePosition> page) {
        rows = page.rows().iterator();
        following = page.next() == null ? null : read(page.next(), true);
        write();
    }

    private void write() {
        while (rows.hasNext() && !done.future().isComplete()) {
            add(rows.next());
            if (out.length() >= WRITE) {
                response.write(out.take(digest));
                if (response.writeQueueFull()) {
                    awaitReader();
                    return;
                }
            }
        }
        if (done.future().isComplete()) {
            return;
        }
        if (following == null) {
            end();
        } else {
            following.onSuccess(this::received).onFailure(done::tryFail);
        }
    }

    private void add(UsageAggregate row) {
        count++;
        boolean marked = content.every() > 0 && count % content.every() == 0;
        content.text().add(out, row, marked ? content.tokens().apply(row.position()) : null);
    }

    private void awaitReader() {
        long timer = vertx.setTimer(limits.patience().toMillis(), late -> cutOff());
        response.drainHandler(drained -> {
            vertx.cancelTimer(timer);
            write();
        });
    }

    private void cutOff() {
        if (done.future().isComplete()) {
            return;
        }
        LOG.info("A reader took nothing for {}: its stream is cut off after {} rows", limits.patience(), count);
        response.reset();
        done.tryComplete();
    }

    private void end() {
        var last = out.take(digest);
        response.putTrailer("x-row-count", Long.toString(count));
        response.putTrailer("x-content-sha256", HexFormat.of().formatHex(digest.digest()));
        response.end(last).onSuccess(done::tryComplete).onFailure(done::tryFail);
    }

    private Future<Page<UsageAggregate, PagePosition>> read(PagePosition after, boolean patient) {
        return attempt(after, patient ? limits.patience().toSeconds() : 0);
    }

    // What was sent cannot be taken back, and going on later gives the same rows: a short absence of the database is
    // waited for.
    private Future<Page<UsageAggregate, PagePosition>> attempt(PagePosition after, long retries) {
        return limits.read(vertx, () -> content.pages().apply(after))
                .recover(failure ->
                        retries > 0 && isPassing(failure) && !done.future().isComplete()
                                ? vertx.timer(RETRY.toMillis(), TimeUnit.MILLISECONDS)
                                        .compose(waited -> attempt(after, retries - 1))
                                : Future.failedFuture(failure));
    }

    private static boolean isPassing(Throwable failure) {
        return failure instanceof StoreBusyException || failure instanceof StoreUnavailableException;
    }
}
