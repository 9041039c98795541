package io.tallygate.gateway.operations;

import io.tallygate.gateway.auth.Actors;
import io.tallygate.gateway.http.Answer;
import io.tallygate.gateway.http.ApiError;
import io.tallygate.gateway.http.JsonFields;
import io.tallygate.gateway.http.WireTime;
import io.tallygate.routing.payer.RoutedUsageStore;
import io.tallygate.store.aggregate.AggregationGranularity;
import io.tallygate.store.window.SealedWindow;
import io.tallygate.store.window.WindowStatus;
import io.tallygate.store.window.WindowStore;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** How far sealing and routing are, and sealing early. */
public final class WindowsHandler {
    private static final Duration MAX_AHEAD = Duration.ofHours(24);
    private static final int RECENT = 48;

    private final WindowStore windows;
    private final RoutedUsageStore routed;

    /** Reads from the given stores. */
    public WindowsHandler(WindowStore windows, RoutedUsageStore routed) {
        this.windows = windows;
        this.routed = routed;
    }

    private record Progress(
            WindowStatus status, Instant routedThrough, long unsealedRecords, List<SealedWindow> recent) {}

    /** {@code GET /windows}: watermarks, lag, the open window and the last sealed ones. */
    public Future<Answer> get(RoutingContext ctx) {
        return windows.status()
                .compose(status -> Future.all(
                                routed.routedThrough(), windows.unsealedRecords(status), windows.recent(status, RECENT))
                        .map(all -> new Progress(status, all.resultAt(0), all.resultAt(1), all.resultAt(2))))
                .map(progress -> Answer.ok(json(progress)));
    }

    /** {@code POST /windows/seal {"through": T}}: closes all windows before T; they are sealed within moments. */
    public Future<Answer> seal(RoutingContext ctx) {
        JsonFields body = JsonFields.body(ctx);
        String expected = "a whole UTC hour, at most 24 hours ahead, as 2026-11-20T13:00:00Z";
        String text = body.text("through", 64).orElseThrow(() -> body.missing("through", expected));
        Instant through = WireTime.parse(text)
                .filter(AggregationGranularity.Hourly::isBoundary)
                .orElseThrow(() -> body.wrong("through", expected));
        return windows.status().compose(status -> {
            if (through.isAfter(status.now().plus(MAX_AHEAD))) {
                throw ApiError.InvalidProperty.because("`through` is more than 24 hours ahead of " + status.now());
            }
            return windows.closeThrough(through, Actors.of(ctx)).compose(closed -> get(ctx));
        });
    }

    private static JsonObject json(Progress progress) {
        WindowStatus status = progress.status();
        Instant routedThrough = progress.routedThrough();
        return new JsonObject()
                .put("now", WireTime.format(status.now()))
                .put("firstReportedHour", WireTime.formatOrNull(status.firstHour()))
                .put("closedThrough", WireTime.formatOrNull(status.closedThrough()))
                .put("sealedThrough", WireTime.formatOrNull(status.sealedThrough()))
                .put("dailySealedThrough", WireTime.formatOrNull(status.dailySealedThrough()))
                .put("routedThrough", WireTime.formatOrNull(routedThrough))
                .put(
                        "dailyRoutedThrough",
                        WireTime.formatOrNull(
                                routedThrough == null ? null : AggregationGranularity.Daily.floor(routedThrough)))
                .put("sealingLagSeconds", lag(status.now(), status.sealedThrough()))
                .put("routingLagSeconds", lag(status.now(), routedThrough))
                .put(
                        "openWindow",
                        new JsonObject()
                                .put("reportedHour", WireTime.format(status.openHour()))
                                .put("unsealedRecords", progress.unsealedRecords()))
                .put(
                        "recent",
                        new JsonArray(progress.recent().stream()
                                .map(WindowsHandler::json)
                                .toList()));
    }

    private static JsonObject json(SealedWindow window) {
        return new JsonObject()
                .put("reportedHour", WireTime.format(window.reportedHour()))
                .put("records", window.records())
                .put("lateRecords", window.lateRecords())
                .put("sealedAt", window.sealedAt().toString())
                .put("seconds", window.seconds());
    }

    // 0 where windows were sealed ahead of time.
    private static Long lag(Instant now, Instant through) {
        return through == null
                ? null
                : Math.max(0, Duration.between(through, now).toSeconds());
    }
}
