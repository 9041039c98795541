package io.tallygate.gateway.ingest;

import io.tallygate.gateway.auth.Actors;
import io.tallygate.gateway.http.Answer;
import io.tallygate.gateway.http.ApiError;
import io.tallygate.gateway.http.JsonFields;
import io.tallygate.gateway.http.PublicAddress;
import io.tallygate.gateway.http.QueryParameters;
import io.tallygate.gateway.http.WireJson;
import io.tallygate.store.usage.HeldRecord;
import io.tallygate.store.usage.HeldRecordStore;
import io.tallygate.store.usage.HeldRecords;
import io.tallygate.store.usage.UsageRecord;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/** {@code /quarantine} and {@code /conflicts}: what an operator sees and discards. */
public final class HeldRecordsHandler {
    private static final int PAGE = 1000;
    private static final int MAX_REASON = 1000;
    private static final Pattern ID = Pattern.compile("\\d{1,18}");

    private final HeldRecordStore store;
    private final PublicAddress address;
    private final Clock clock;

    /** Reads from the given store; {@code clock} tells how old a record is. */
    public HeldRecordsHandler(HeldRecordStore store, PublicAddress address, Clock clock) {
        this.store = store;
        this.address = address;
        this.clock = clock;
    }

    /** {@code GET /quarantine}. */
    public Future<Answer> listQuarantined(RoutingContext ctx) {
        return list(ctx, HeldRecords.QUARANTINED);
    }

    /** {@code GET /conflicts}. */
    public Future<Answer> listConflicts(RoutingContext ctx) {
        return list(ctx, HeldRecords.CONFLICTING);
    }

    /** {@code POST /quarantine/{id}/discard {"reason": …}}. */
    public Future<Answer> discardQuarantined(RoutingContext ctx) {
        return discard(ctx, HeldRecords.QUARANTINED);
    }

    /** {@code POST /conflicts/{id}/discard {"reason": …}}. */
    public Future<Answer> discardConflict(RoutingContext ctx) {
        return discard(ctx, HeldRecords.CONFLICTING);
    }

    private Future<Answer> list(RoutingContext ctx, HeldRecords kind) {
        long after = new QueryParameters(ctx.queryParams())
                .find("after")
                .map(text -> id(text, "after"))
                .orElse(0L);
        return store.page(kind, after, PAGE + 1).map(rows -> {
            List<HeldRecord> page = rows.subList(0, Math.min(PAGE, rows.size()));
            JsonArray value = new JsonArray();
            page.forEach(row -> value.add(json(row)));
            JsonObject body = new JsonObject().put("value", value);
            if (rows.size() > PAGE) {
                String next = address.of(ctx.request()) + ctx.request().path() + "?after="
                        + page.get(PAGE - 1).heldId();
                body.put("nextLink", next);
            }
            return Answer.ok(body);
        });
    }

    private Future<Answer> discard(RoutingContext ctx, HeldRecords kind) {
        long id = id(ctx.pathParam("id"), "id");
        JsonFields body = JsonFields.body(ctx);
        String reason = body.text("reason", MAX_REASON)
                .filter(text -> !text.isBlank())
                .orElseThrow(() -> body.missing("reason", "why it is discarded"));
        return store.discard(kind, id, reason, Actors.of(ctx)).map(discarded -> {
            if (discarded == null) {
                throw ApiError.ResourceNotFound.because(
                        "There is no such record: it was released or discarded already");
            }
            return Answer.ok(json(discarded));
        });
    }

    private static long id(String text, String name) {
        if (!ID.matcher(text).matches()) {
            throw ApiError.InvalidProperty.because("`" + name + "` must be the id of a record: a whole number");
        }
        return Long.parseLong(text);
    }

    private JsonObject json(HeldRecord held) {
        UsageRecord record = held.record();
        return new JsonObject()
                .put("id", Long.toString(held.heldId()))
                .put("reason", held.reason().name())
                .put("receivedAt", held.receivedAt().toString())
                .put(
                        "ageSeconds",
                        Math.max(
                                0,
                                Duration.between(held.receivedAt(), clock.instant())
                                        .toSeconds()))
                .put(
                        "record",
                        new JsonObject()
                                .put("source", record.source())
                                .put("id", record.id())
                                .put(
                                        "subscriptionId",
                                        record.instance().subscription().toString())
                                .put("meterId", record.meterId())
                                .put("resourceUri", record.instance().resourceUri())
                                .put("location", record.instance().location())
                                .put("tags", WireJson.of(record.instance().tags()))
                                .put(
                                        "additionalInfo",
                                        WireJson.of(record.instance().additionalInfo()))
                                .put("quantity", record.quantity())
                                .put("usageStartTime", record.usageStart().toString())
                                .put("usageEndTime", record.usageEnd().toString()));
    }
}
