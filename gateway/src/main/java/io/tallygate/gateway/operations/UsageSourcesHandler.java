package io.tallygate.gateway.operations;

import io.tallygate.gateway.http.Answer;
import io.tallygate.gateway.http.ApiError;
import io.tallygate.gateway.http.PageLink;
import io.tallygate.gateway.http.QueryParameters;
import io.tallygate.gateway.http.WireTime;
import io.tallygate.store.aggregate.AggregationGranularity;
import io.tallygate.store.window.UsageSource;
import io.tallygate.store.window.UsageSourceStore;
import io.tallygate.store.window.UsageSources;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;

/** {@code GET /usage/sources}: who reported for which hours, and for which not. */
public final class UsageSourcesHandler {
    private static final int PAGE = 100;
    private static final Duration USUAL = Duration.ofDays(7);
    private static final Duration MOST = Duration.ofDays(31);

    private final UsageSourceStore sources;
    private final PageLink pages;
    private final Clock clock;

    /** Reads from the given store. */
    public UsageSourcesHandler(UsageSourceStore sources, PageLink pages, Clock clock) {
        this.sources = sources;
        this.pages = pages;
        this.clock = clock;
    }

    private record Range(Instant from, Instant to) {}

    /** {@code ?from&to}: usage hours, {@code to} exclusive; the last seven days unless asked otherwise, 31 at the most. */
    public Future<Answer> list(RoutingContext ctx) {
        QueryParameters query = new QueryParameters(ctx.queryParams()).only("from", "to", "after");
        Range range = range(query);
        String after = query.text("after").orElse(null);
        return sources.page(range.from(), range.to(), after, PAGE + 1).map(found -> Answer.ok(page(ctx, range, found)));
    }

    private Range range(QueryParameters query) {
        Instant to = query.hour("to").orElseGet(() -> AggregationGranularity.Hourly.floor(clock.instant()));
        Instant from = query.hour("from").orElseGet(() -> to.minus(USUAL));
        if (!from.isBefore(to)) {
            throw ApiError.InvalidProperty.because("`from` must be before `to`");
        }
        if (Duration.between(from, to).compareTo(MOST) > 0) {
            throw ApiError.InvalidProperty.because("`from` must be at most 31 days before `to`");
        }
        return new Range(from, to);
    }

    private JsonObject page(RoutingContext ctx, Range range, UsageSources found) {
        Instant complete = complete(range, found);
        JsonObject answer = new JsonObject()
                .put("from", WireTime.format(range.from()))
                .put("to", WireTime.format(range.to()))
                .put("sealedThrough", WireTime.formatOrNull(found.sealedThrough()));
        return pages.put(
                answer,
                ctx,
                Map.of("from", range.from().toString(), "to", range.to().toString()),
                found.sources(),
                PAGE,
                source -> json(source, range.from(), complete),
                UsageSource::source);
    }

    // An hour that was sealed ahead of time is no gap before it is over.
    private static Instant complete(Range range, UsageSources found) {
        Instant sealed = found.sealedThrough() == null ? range.from() : found.sealedThrough();
        return Stream.of(range.to(), sealed, AggregationGranularity.Hourly.floor(found.now()))
                .min(Instant::compareTo)
                .orElseThrow();
    }

    private static JsonObject json(UsageSource source, Instant from, Instant complete) {
        JsonArray hours = new JsonArray();
        source.hours()
                .forEach(hour -> hours.add(new JsonObject()
                        .put("time", WireTime.format(hour.time()))
                        .put("records", hour.records())));
        JsonArray gaps = new JsonArray();
        source.gaps(from, complete)
                .forEach(gap -> gaps.add(new JsonObject()
                        .put("from", WireTime.format(gap.from()))
                        .put("to", WireTime.format(gap.to()))
                        .put("hours", gap.hours())));
        return new JsonObject()
                .put("source", source.source())
                .put("firstHour", WireTime.format(source.firstHour()))
                .put("lastHour", WireTime.format(source.lastHour()))
                .put("records", source.records())
                .put("hours", hours)
                .put("gaps", gaps);
    }
}
