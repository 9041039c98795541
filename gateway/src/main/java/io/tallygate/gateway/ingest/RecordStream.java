package io.tallygate.gateway.ingest;

import io.tallygate.gateway.http.Answer;
import io.tallygate.gateway.http.ApiError;
import io.tallygate.gateway.http.ApiException;
import io.tallygate.gateway.http.FailureHandler;
import io.tallygate.gateway.http.RequestBody;
import io.tallygate.gateway.ingest.UsageRecordParser.Parsed;
import io.tallygate.gateway.observe.ObservedRequest;
import io.tallygate.gateway.observe.StreamDirection;
import io.tallygate.store.usage.IngestOutcome;
import io.tallygate.store.usage.RecordError;
import io.tallygate.store.usage.ReportedAt;
import io.tallygate.store.usage.UsageRecordStore;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;

/**
 * One stream of events, a line each, stored in batches. While a batch is stored the next one is read, and no more: then
 * the request is paused, and the sender waits, not the memory. After each batch the answer gets a line for whatever needs
 * attention; totals come last.
 */
final class RecordStream {
    private static final String CONTENT_TYPE = "application/x-ndjson; charset=utf-8";
    private static final int BATCH_LINES = 2000;
    private static final int BATCH_BYTES = 4 << 20;
    private static final int MAX_LINE = 256 << 10;
    private static final int MAX_OUTCOME_LINES = 10_000;

    private final Vertx vertx;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final ObservedRequest observed;
    private final UsageRecordStore store;
    private final UsageRecordParser parser;
    private final ReportedAt reportedAt;
    private final boolean allOutcomes;
    private final Duration idleTimeout;
    private final LineSplitter lines = new LineSplitter(MAX_LINE, this::take);
    private final OutcomeTotals totals = new OutcomeTotals();
    private final Promise<Answer> done = Promise.promise();
    private EventBatch batch = new EventBatch();
    private int batchBytes;
    private long line;
    private long durableLine;
    private long outcomeLines;
    private boolean ended;
    private boolean paused;
    private boolean storing;
    private boolean failed;
    private boolean brought;

    RecordStream(
            RoutingContext ctx,
            UsageRecordStore store,
            UsageRecordParser parser,
            ReportedAt reportedAt,
            boolean allOutcomes,
            Duration idleTimeout) {
        this.vertx = ctx.vertx();
        this.idleTimeout = idleTimeout;
        this.request = ctx.request();
        this.response = ctx.response();
        this.observed = ObservedRequest.of(ctx);
        this.store = store;
        this.parser = parser;
        this.reportedAt = reportedAt;
        this.allOutcomes = allOutcomes;
    }

    /** Completes with null when the answer is written. */
    Future<Answer> run() {
        observed.streams(StreamDirection.IN);
        long timer = vertx.setPeriodic(idleTimeout.toMillis(), passed -> guarded(this::lookForIdleness));
        request.handler(chunk -> guarded(() -> {
            brought = true;
            lines.add(chunk);
            storeIf(isFull());
        }));
        request.endHandler(none -> guarded(() -> {
            lines.end();
            ended = true;
            storeIf(true);
        }));
        // The sender is gone: what was stored stays, and it knows from which line on to send again.
        request.exceptionHandler(broken -> done.tryFail(RequestBody.unreadable(broken)));
        request.resume();
        return done.future().onComplete(over -> vertx.cancelTimer(timer));
    }

    // While a batch is stored, nothing is expected of the sender; it may be paused.
    private void lookForIdleness() {
        if (brought || storing || ended) {
            brought = false;
        } else {
            fail(ApiError.RequestTimeout.because("Nothing came for " + idleTimeout));
        }
    }

    // Vert.x only logs what a handler throws: the sender would wait for ever.
    private void guarded(Runnable work) {
        try {
            if (!failed) {
                work.run();
            }
        } catch (RuntimeException defect) {
            fail(defect);
        }
    }

    private void take(Buffer text) {
        line++;
        if (text == null) {
            String message = "A line may have " + MAX_LINE + " bytes";
            batch.add(
                    new Parsed(null, null, null, IngestOutcome.rejected(RecordError.TextTooLong, null, message)), line);
        } else if (text.length() > 0) {
            batchBytes += text.length();
            batch.add(parser.parse(text), line);
        }
    }

    private boolean isFull() {
        return batch.size() >= BATCH_LINES || batchBytes >= BATCH_BYTES;
    }

    private void storeIf(boolean due) {
        if (!due || done.future().isComplete()) {
            return;
        }
        if (storing) {
            pause();
            return;
        }
        storing = true;
        EventBatch full = batch;
        long lastLine = line;
        batch = new EventBatch();
        batchBytes = 0;
        full.store(store, reportedAt, observed)
                .compose(outcomes -> report(full, outcomes, lastLine))
                .onComplete(stored -> {
                    storing = false;
                    if (done.future().isComplete()) {
                        return;
                    }
                    if (stored.failed()) {
                        fail(stored.cause());
                    } else if (ended && batch.isEmpty()) {
                        finish();
                    } else {
                        storeIf(ended || isFull());
                        resume();
                    }
                });
    }

    private void pause() {
        if (!ended && !paused) {
            paused = true;
            request.pause();
        }
    }

    private void resume() {
        if (paused) {
            paused = false;
            request.resume();
        }
    }

    private Future<Void> report(EventBatch stored, List<IngestOutcome> outcomes, long lastLine) {
        Buffer text = Buffer.buffer();
        for (int i = 0; i < outcomes.size(); i++) {
            IngestOutcome outcome = outcomes.get(i);
            totals.add(outcome);
            if (isReported(outcome)) {
                text.appendBuffer(stored.json("line", i, outcome).toBuffer()).appendString("\n");
            }
        }
        durableLine = lastLine;
        return text.length() == 0 ? Future.succeededFuture() : begin().write(text);
    }

    private boolean isReported(IngestOutcome outcome) {
        boolean good = outcome.kind() == IngestOutcome.Kind.Accepted || outcome.kind() == IngestOutcome.Kind.Duplicate;
        return allOutcomes || (!good && outcomeLines++ < MAX_OUTCOME_LINES);
    }

    private HttpServerResponse begin() {
        if (!response.headWritten()) {
            response.setChunked(true).putHeader("Content-Type", CONTENT_TYPE);
        }
        return response;
    }

    private void finish() {
        Buffer last =
                new JsonObject().put("totals", totals.json("lines")).toBuffer().appendString("\n");
        begin().end(last).<Answer>mapEmpty().onComplete(done);
    }

    // Before the status line a failure is an ordinary answer. After it the sender gets a last line that says how far it
    // got, and then a cut connection: it can never take a part for the whole.
    private void fail(Throwable cause) {
        failed = true;
        if (!response.headWritten()) {
            done.tryFail(cause);
            return;
        }
        ApiException failure = FailureHandler.translate(cause);
        JsonObject line =
                FailureHandler.body(failure.error(), failure.getMessage()).put("durableThroughLine", durableLine);
        response.write(line.toBuffer().appendString("\n")).onComplete(written -> done.tryFail(cause));
    }
}
