package io.tallygate.gateway.export;

import io.tallygate.gateway.http.FailureHandler;
import io.tallygate.store.Sha256;
import io.tallygate.store.StoreBusyException;
import io.tallygate.store.StoreUnavailableException;
import io.tallygate.store.aggregate.Page;
import io.tallygate.store.aggregate.PagePosition;
import io.tallygate.store.aggregate.UsageAggregate;
import io.vertx.core.Completable;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
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
    private static final Logger LOG = LoggerFactory.getLogger(UsageStream.class);
    // Few at first: the answer begins soon, and tells how long the rows are.
    private static final int FIRST_ROWS = 100;
    private static final int MOST_ROWS = 2000;
    private static final int PIECE = 2 << 20;
    // A row beside its instance.
    private static final int ROW = 200;
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
    private boolean finished;
    private long count;
    private int size = FIRST_ROWS;
    private long timer = -1;

    /**
     * What a stream consists of.
     *
     * @param head the headers of the answer, if it comes to one
     * @param said headers, too, which are said again as trailers: one may come to look at what is read afterwards
     * @param coding how its bytes are coded
     * @param pages reads the rows after a position, so many at the most
     * @param first where the stream begins
     * @param text how rows are written
     * @param tokens makes continuation tokens
     * @param every how many rows lie between two tokens; 0 for no tokens
     */
    public record Content(
            Map<String, String> head,
            Map<String, String> said,
            BodyCoding coding,
            BiFunction<PagePosition, Integer, Future<Page<UsageAggregate, PagePosition>>> pages,
            PagePosition first,
            RowText text,
            Function<PagePosition, String> tokens,
            int every) {}

    /** A stream into this response. */
    public UsageStream(Vertx vertx, HttpServerResponse response, Content content, StreamLimits limits) {
        this.vertx = vertx;
        this.response = response;
        this.content = content;
        this.limits = limits;
    }

    /** Sends it; also complete when the reader went away or was cut off for taking nothing. */
    public Future<Void> send() {
        if (response.closed()) {
            return Future.succeededFuture();
        }
        response.closeHandler(gone -> release());
        response.exceptionHandler(broken -> release());
        // The first piece is read before the head is sent: a failure until then is an answer of its own.
        read(content.first(), Duration.ZERO).onComplete(orFail(this::begin));
        return done.future().onComplete(ended -> content.coding().close());
    }

    private void begin(Page<UsageAggregate, PagePosition> first) {
        content.text().begin(out);
        received(first);
    }

    private void received(Page<UsageAggregate, PagePosition> page) {
        if (isDone()) {
            return;
        }
        rows = page.rows().iterator();
        size = sizeAfter(page.rows());
        following = page.next() == null ? null : read(page.next(), limits.patience());
        write();
    }

    private void write() {
        while (!isDone() && rows.hasNext()) {
            add(rows.next());
            if (out.length() >= WRITE) {
                if (send(content.coding().piece(out.take(digest)))) {
                    // The others' turn: without it the next piece was not even asked for before this one was written.
                    vertx.runOnContext(again -> step(this::write));
                }
                return;
            }
        }
        if (isDone()) {
            return;
        }
        if (following != null) {
            following.onComplete(orFail(this::received));
        } else if (finished || send(finish())) {
            end();
        }
    }

    private void add(UsageAggregate row) {
        count++;
        boolean marked = content.every() > 0 && count % content.every() == 0;
        content.text().add(out, row, marked ? content.tokens().apply(row.position()) : null);
    }

    private Buffer finish() {
        finished = true;
        return content.coding().last(out.take(digest));
    }

    // False if the reader must be waited for.
    private boolean send(Buffer piece) {
        // Not before there is something to send: until then a failure is an answer of its own. By itself, because over
        // HTTP/2 it would wait with its piece for a reader who takes nothing of another stream.
        if (!response.headWritten()) {
            content.head().forEach(response::putHeader);
            content.said().forEach(response::putHeader);
            content.coding().begin(response);
            response.setChunked(true)
                    .putHeader("Trailer", "x-row-count, x-content-sha256" + more())
                    .writeHead();
        }
        // Gzip keeps some bytes back: there may be none to send yet.
        if (piece.length() > 0) {
            response.write(piece);
        }
        if (isDone() || !response.writeQueueFull()) {
            return true;
        }
        awaitReader();
        return false;
    }

    private void awaitReader() {
        startTimer();
        response.drainHandler(drained -> {
            // Once: the queue drains again whenever it was full for a moment, also in the middle of writing.
            response.drainHandler(null);
            vertx.cancelTimer(timer);
            step(this::write);
        });
    }

    private void startTimer() {
        timer = vertx.setTimer(limits.patience().toMillis(), late -> cutOff());
    }

    private void release() {
        vertx.cancelTimer(timer);
        done.tryComplete();
    }

    private void cutOff() {
        if (isDone()) {
            return;
        }
        LOG.info("A reader took nothing for {}: its stream is cut off after {} rows", limits.patience(), count);
        FailureHandler.cut(response);
        done.tryComplete();
    }

    private void end() {
        if (isDone()) {
            return;
        }
        content.coding().trailers(response);
        response.putTrailer("x-row-count", Long.toString(count));
        response.putTrailer("x-content-sha256", HexFormat.of().formatHex(digest.digest()));
        content.said().forEach(response::putTrailer);
        startTimer();
        response.end().onSuccess(ended -> release()).onFailure(done::tryFail);
    }

    private String more() {
        return content.said().keySet().stream().map(", "::concat).collect(Collectors.joining());
    }

    private boolean isDone() {
        return done.future().isComplete();
    }

    private <T> Completable<T> orFail(Consumer<T> next) {
        return (result, failure) -> {
            if (failure == null) {
                step(() -> next.accept(result));
            } else {
                done.tryFail(failure);
            }
        };
    }

    // What is thrown in a handler reaches nobody: the stream would hang, and keep its place.
    private void step(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException defect) {
            done.tryFail(defect);
        }
    }

    private Future<Page<UsageAggregate, PagePosition>> read(PagePosition after, Duration patience) {
        return attempt(after, System.nanoTime() + patience.toNanos());
    }

    // What was sent cannot be taken back, and going on later gives the same rows: a short absence of the database is
    // waited for.
    private Future<Page<UsageAggregate, PagePosition>> attempt(PagePosition after, long deadline) {
        return limits.read(vertx, () -> isDone() ? Future.failedFuture("The reader is gone") : pages(after))
                .recover(failure -> isPassing(failure) && deadline - System.nanoTime() > 0 && !isDone()
                        ? vertx.timer(RETRY.toMillis(), TimeUnit.MILLISECONDS)
                                .compose(waited -> attempt(after, deadline))
                        : Future.failedFuture(failure));
    }

    private Future<Page<UsageAggregate, PagePosition>> pages(PagePosition after) {
        return content.pages().apply(after, size);
    }

    // As many rows as have some two megabytes: a reader that takes nothing holds two pieces, however long its rows are.
    private static int sizeAfter(List<UsageAggregate> piece) {
        long bytes = ROW * (long) piece.size();
        for (UsageAggregate row : piece) {
            bytes += row.instance().data().length;
        }
        return (int) Math.max(1, Math.min(MOST_ROWS, PIECE * (long) piece.size() / Math.max(1, bytes)));
    }

    private static boolean isPassing(Throwable failure) {
        return failure instanceof StoreBusyException || failure instanceof StoreUnavailableException;
    }
}
