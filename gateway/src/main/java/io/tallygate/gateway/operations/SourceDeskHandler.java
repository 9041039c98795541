package io.tallygate.gateway.operations;

import io.tallygate.gateway.auth.Actors;
import io.tallygate.gateway.http.Answer;
import io.tallygate.gateway.http.ApiError;
import io.tallygate.gateway.http.ApiException;
import io.tallygate.gateway.http.JsonFields;
import io.tallygate.gateway.http.PageLink;
import io.tallygate.gateway.http.QueryParameters;
import io.tallygate.gateway.http.WireText;
import io.tallygate.gateway.http.WireTime;
import io.tallygate.store.collect.CollectDesk;
import io.tallygate.store.collect.CollectedWindow;
import io.tallygate.store.collect.CollectedWindow.Filter;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.Arrays;

/** {@code /sources/{source}}: its windows, having one pulled again, and ending it. */
public final class SourceDeskHandler {
    private static final int PAGE = 200;

    private final CollectDesk desk;
    private final PageLink pages;

    /** Does it at the given desk. */
    public SourceDeskHandler(CollectDesk desk, PageLink pages) {
        this.desk = desk;
        this.pages = pages;
    }

    /** {@code DELETE /sources/{source}}: ends it; 204, also if it is ended already. */
    public Future<Answer> end(RoutingContext ctx) {
        String source = source(ctx);
        return desk.end(source, Actors.of(ctx)).map(ending -> switch (ending) {
            case Ended -> Answer.empty(204);
            case Absent -> throw absent();
            case Collected ->
                throw ApiError.Conflict.because(
                        "A gateway collects the source " + source
                                + ", or has it in its configuration: take it out of `collect.sources` of all of them, and ask again three minutes later");
        });
    }

    /** {@code GET /sources/{source}/windows?filter}: the latest first. */
    public Future<Answer> windows(RoutingContext ctx) {
        QueryParameters query = new QueryParameters(ctx.queryParams()).only("filter", "after");
        Filter filter = query.find("filter").map(SourceDeskHandler::filter).orElse(null);
        Instant before = query.time("after").orElse(null);
        return desk.windows(source(ctx), before, filter, PAGE + 1)
                .map(found -> pages.page(
                        ctx,
                        found.orElseThrow(SourceDeskHandler::absent),
                        PAGE,
                        SourceDeskHandler::json,
                        window -> window.from().toString()));
    }

    /** {@code POST /sources/{source}/windows/{start}/pull}: it is pulled as soon as a gateway comes to it. */
    public Future<Answer> pull(RoutingContext ctx) {
        JsonFields.optionalBody(ctx).only();
        Instant start = WireTime.parse(ctx.pathParam("start")).orElseThrow(SourceDeskHandler::noWindow);
        return desk.pull(source(ctx), start, Actors.of(ctx))
                .map(window -> Answer.ok(json(window.orElseThrow(SourceDeskHandler::noWindow))));
    }

    private static String source(RoutingContext ctx) {
        String source = ctx.pathParam("source");
        if (!WireText.isClean(source)) {
            throw absent();
        }
        return source;
    }

    private static Filter filter(String text) {
        return Arrays.stream(Filter.values())
                .filter(filter -> filter.name().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> ApiError.InvalidProperty.because("`filter` must be open or problem"));
    }

    private static ApiException absent() {
        return ApiError.ResourceNotFound.because("There is no source of this name: GET /sources lists them");
    }

    private static ApiException noWindow() {
        return ApiError.ResourceNotFound.because(
                "No source that goes on has such a window: GET /sources/{source}/windows lists them");
    }

    private static JsonObject json(CollectedWindow window) {
        return new JsonObject()
                .put("from", WireTime.format(window.from()))
                .put("to", WireTime.format(window.to()))
                .put("state", window.state().name())
                .put("attempts", window.attempts())
                .put("nextAttemptAt", WireTime.formatOrNull(window.nextAttemptAt()))
                .put("collectedAt", WireTime.formatOrNull(window.collectedAt()))
                .put("counts", window.counts() == null ? null : CollectedSourcesHandler.json(window.counts()))
                .put("problem", window.problem());
    }
}
