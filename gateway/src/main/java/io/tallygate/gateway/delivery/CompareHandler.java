package io.tallygate.gateway.delivery;

import io.tallygate.gateway.auth.Actors;
import io.tallygate.gateway.http.Answer;
import io.tallygate.gateway.http.ApiError;
import io.tallygate.gateway.http.JsonFields;
import io.tallygate.routing.desk.BookComparison;
import io.tallygate.routing.desk.BookEntry;
import io.tallygate.routing.desk.BookMatch;
import io.tallygate.routing.desk.EndpointStore;
import io.tallygate.store.directory.SubscriptionId;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** {@code POST /deliveries/compare}: an endpoint's own book against the events here. */
public final class CompareHandler {
    private static final int MOST = 5_000;
    private static final int MAX_NAME = 256;

    private final BookComparison comparison;
    private final EndpointStore endpoints;
    private final Set<String> configured;

    /**
     * Compares with the events of the given store.
     *
     * @param configured the names of the configured endpoints; a comparison with one that nobody knows is refused
     */
    public CompareHandler(BookComparison comparison, EndpointStore endpoints, Set<String> configured) {
        this.comparison = comparison;
        this.endpoints = endpoints;
        this.configured = configured;
    }

    private record Request(String endpoint, List<BookEntry> entries, boolean apply) {}

    /**
     * {@code {"endpoint", "entries": [{"key"?, "payerSubscriptionId", "dimension", "effectiveTime", "quantity"}],
     * "apply"?}}. What is compared is one request: without {@code apply}, entries of two requests may find the same event.
     */
    public Future<Answer> compare(RoutingContext ctx) {
        JsonFields body = JsonFields.body(ctx).only("endpoint", "entries", "apply");
        Request request = request(body);
        return requireKnown(body, request.endpoint()).compose(known -> compare(ctx, request));
    }

    // A name that nobody knows has no events: it would look as if all was well.
    private Future<Void> requireKnown(JsonFields body, String endpoint) {
        return configured.contains(endpoint)
                ? Future.succeededFuture()
                : endpoints.all().map(all -> {
                    if (all.endpoints().stream().noneMatch(one -> one.name().equals(endpoint))) {
                        throw body.wrong(
                                "endpoint", "the name of an endpoint that is configured or has something pending");
                    }
                    return null;
                });
    }

    private Future<Answer> compare(RoutingContext ctx, Request request) {
        if (!request.apply()) {
            return comparison.compare(request.endpoint(), request.entries()).map(matches -> Answer.ok(json(matches)));
        }
        return comparison
                .apply(request.endpoint(), request.entries(), Actors.of(ctx))
                .map(matches -> Answer.ok(json(matches.orElseThrow(() -> ApiError.Conflict.because(
                        "Deliveries are not held: hold them first (`POST /deliveries/hold`), so that nothing is sent"
                                + " meanwhile")))));
    }

    private static Request request(JsonFields body) {
        String endpoint = body.text("endpoint", MAX_NAME)
                .filter(name -> !name.isEmpty())
                .orElseThrow(() -> body.missing("endpoint", "the name of an endpoint"));
        if (body.json("entries").isEmpty()) {
            throw body.missing("entries", "an array of what the endpoint billed");
        }
        List<BookEntry> entries = new ArrayList<>();
        Set<UUID> keys = new HashSet<>();
        for (JsonFields fields : body.objects("entries", MOST)) {
            BookEntry entry =
                    entry(fields.only("key", "payerSubscriptionId", "dimension", "effectiveTime", "quantity"));
            if (entry.key() != null && !keys.add(entry.key())) {
                throw fields.wrong("key", "each key once");
            }
            entries.add(entry);
        }
        return new Request(endpoint, entries, body.bool("apply").orElse(false));
    }

    private static BookEntry entry(JsonFields fields) {
        BookEntry entry = new BookEntry(
                fields.uuid("key").orElse(null),
                fields.uuid("payerSubscriptionId").map(SubscriptionId::new).orElse(null),
                fields.text("dimension", MAX_NAME).orElse(null),
                fields.time("effectiveTime").map(CompareHandler::hour).orElse(null),
                fields.decimal("quantity").orElseThrow(() -> fields.missing("quantity", "a decimal number")));
        if (entry.key() == null) {
            requirePresent(fields, entry.payer(), "payerSubscriptionId");
            requirePresent(fields, entry.dimension(), "dimension");
            requirePresent(fields, entry.hour(), "effectiveTime");
        }
        return entry;
    }

    // Endpoints note the minute as well: what counts is the hour.
    private static Instant hour(Instant time) {
        return time.truncatedTo(ChronoUnit.HOURS);
    }

    private static void requirePresent(JsonFields fields, Object value, String name) {
        if (value == null) {
            throw fields.missing(name, "it, or the event's `key`");
        }
    }

    private static JsonObject json(List<BookMatch> matches) {
        JsonArray value = new JsonArray();
        JsonObject totals = new JsonObject();
        for (BookMatch.Kind kind : BookMatch.Kind.values()) {
            totals.put(
                    kind.wireName(),
                    matches.stream().filter(match -> match.kind() == kind).count());
        }
        totals.put("applied", matches.stream().filter(BookMatch::applied).count());
        matches.forEach(match -> value.add(json(match)));
        return new JsonObject().put("value", value).put("totals", totals);
    }

    private static JsonObject json(BookMatch match) {
        JsonObject json =
                new JsonObject().put("result", match.kind().wireName()).put("applied", match.applied());
        if (match.event() == null) {
            return json;
        }
        String key = match.event().key().toString();
        if (match.bookKey() != null) {
            json.put("matchedKey", key);
        }
        return json.put("key", key)
                .put(
                        "state",
                        match.applied() ? "delivered" : match.event().state().wireName())
                .put("inFlight", !match.applied() && match.event().inFlight())
                .put("quantity", match.event().quantity());
    }
}
