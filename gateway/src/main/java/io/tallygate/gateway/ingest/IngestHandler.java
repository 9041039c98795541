package io.tallygate.gateway.ingest;

import io.tallygate.gateway.admission.Admission;
import io.tallygate.gateway.http.Answer;
import io.tallygate.gateway.http.ApiError;
import io.tallygate.gateway.http.QueryParameters;
import io.tallygate.gateway.http.RequestBody;
import io.tallygate.gateway.http.StrictJson;
import io.tallygate.gateway.http.StrictJson.MalformedJsonException;
import io.tallygate.gateway.ingest.UsageRecordParser.Parsed;
import io.tallygate.gateway.observe.ObservedRequest;
import io.tallygate.store.usage.IngestOutcome;
import io.tallygate.store.usage.ReportedAt;
import io.tallygate.store.usage.UsageRecordStore;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** {@code POST /usage/records}: one event, a batch of events, or a stream of any size with an event on each line. */
public final class IngestHandler {
    private static final String SINGLE = "application/cloudevents+json";
    private static final String BATCH = "application/cloudevents-batch+json";
    private static final String STREAM = "application/x-ndjson";

    private final UsageRecordStore store;
    private final UsageRecordParser parser;
    private final int maxBody;
    private final Admission admission;
    private final Duration idleTimeout;

    /**
     * Takes events.
     *
     * @param maxBody bytes of single events and batches
     * @param admission when they are stored: not before they are there, so that a slow sender takes nobody's place
     * @param idleTimeout how long a stream may bring nothing
     */
    public IngestHandler(
            UsageRecordStore store, UsageRecordParser parser, int maxBody, Admission admission, Duration idleTimeout) {
        this.store = store;
        this.parser = parser;
        this.maxBody = maxBody;
        this.admission = admission;
        this.idleTimeout = idleTimeout;
    }

    /** Answers; a stream writes its answer itself and gives null. The request's body has not been read yet. */
    public Future<Answer> post(RoutingContext ctx) {
        QueryParameters parameters = new QueryParameters(ctx.queryParams());
        ReportedAt reportedAt = reportedAt(parameters);
        String type = contentType(ctx);
        return switch (type) {
            case STREAM -> stream(ctx, reportedAt, allOutcomes(parameters));
            case SINGLE, BATCH ->
                RequestBody.read(ctx, maxBody)
                        .compose(bytes -> admission.inTurn(ctx, () -> batch(ctx, bytes, type, reportedAt)));
            default ->
                Future.failedFuture(ApiError.UnsupportedMediaType.because(
                        "`Content-Type` must be " + SINGLE + ", " + BATCH + " or " + STREAM));
        };
    }

    private Future<Answer> stream(RoutingContext ctx, ReportedAt reportedAt, boolean allOutcomes) {
        return admission.ingestStream(
                () -> new RecordStream(ctx, store, parser, reportedAt, allOutcomes, idleTimeout).run());
    }

    private static String contentType(RoutingContext ctx) {
        String header = ctx.request().getHeader("Content-Type");
        return header == null ? "" : header.split(";", 2)[0].trim().toLowerCase(Locale.ROOT);
    }

    private static ReportedAt reportedAt(QueryParameters parameters) {
        String text = parameters.find("reportedAt").orElse("now");
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "now" -> ReportedAt.NOW;
            case "usage-hour" -> ReportedAt.USAGE_HOUR;
            default -> throw ApiError.InvalidProperty.because("`reportedAt` must be now or usage-hour");
        };
    }

    private static boolean allOutcomes(QueryParameters parameters) {
        String text = parameters.find("outcomes").orElse("failed");
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "all" -> true;
            case "failed" -> false;
            default -> throw ApiError.InvalidProperty.because("`outcomes` must be all or failed");
        };
    }

    private Future<Answer> batch(RoutingContext ctx, Buffer bytes, String type, ReportedAt reportedAt) {
        EventBatch batch = new EventBatch();
        for (Parsed event : events(bytes, type)) {
            batch.add(event, batch.size());
        }
        return batch.store(store, reportedAt, ObservedRequest.of(ctx)).map(outcomes -> answer(batch, outcomes));
    }

    private List<Parsed> events(Buffer bytes, String type) {
        if (type.equals(BATCH)) {
            return ArrayElements.of(bytes).stream().map(parser::parse).toList();
        }
        try {
            return List.of(parser.parse(StrictJson.BODY.read(bytes)));
        } catch (MalformedJsonException malformed) {
            throw ApiError.InvalidProperty.because("The body cannot be read: " + malformed.getMessage());
        }
    }

    private static Answer answer(EventBatch batch, List<IngestOutcome> outcomes) {
        OutcomeTotals totals = new OutcomeTotals();
        JsonArray rows = new JsonArray();
        for (int i = 0; i < outcomes.size(); i++) {
            totals.add(outcomes.get(i));
            rows.add(batch.json("index", i, outcomes.get(i)));
        }
        return Answer.ok(new JsonObject().put("outcomes", rows).put("totals", totals.json("records")));
    }
}
