package io.tallygate.gateway.usage;

import io.tallygate.gateway.auth.Caller;
import io.tallygate.gateway.export.AggregateType;
import io.tallygate.gateway.export.AnswerFormat;
import io.tallygate.gateway.http.ApiError;
import io.tallygate.gateway.http.QueryParameters;
import io.tallygate.gateway.usage.ContinuationTokens.Continuation;
import io.tallygate.store.aggregate.UsageQuery;
import io.tallygate.store.aggregate.UsageScope;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;

/**
 * A request for usage on its way to an answer.
 *
 * @param binding what its continuation tokens are good for: path, caller's tenant and what the path lets it see
 * @param scope what the path lets the caller see; once narrowed, what it asked for of that
 * @param from null until it is narrowed
 * @param tokenEvery how many rows of a stream lie between two continuation tokens; 0 for none
 */
record AskedUsage(
        RoutingContext ctx,
        AggregateType type,
        AnswerFormat format,
        int tokenEvery,
        String binding,
        UsageScope scope,
        Continuation from) {
    private static final int MAX_EVERY = 1_000_000;

    /** What was asked on a path that shows so much. */
    static AskedUsage of(RoutingContext ctx, AggregateType type, UsageScope path, QueryParameters parameters) {
        AnswerFormat format = AnswerFormat.of(ctx.parsedHeaders().accept(), parameters);
        String binding = ctx.normalizedPath().toLowerCase(Locale.ROOT) + " "
                + Caller.of(ctx).tenantId() + " " + path;
        return new AskedUsage(ctx, type, format, tokenEvery(format, parameters), binding, path, null);
    }

    AskedUsage narrowedTo(UsageScope narrowed, Continuation begin) {
        return new AskedUsage(ctx, type, format, tokenEvery, binding, narrowed, begin);
    }

    UsageRequest request() {
        return from.request();
    }

    /** The rows after the place where it begins. */
    UsageQuery query(int pageSize) {
        UsageRequest request = request();
        return new UsageQuery(
                Caller.of(ctx).viewer(),
                scope,
                request.granularity(),
                request.reportedStart(),
                request.reportedEnd(),
                from.after(),
                pageSize);
    }

    private static int tokenEvery(AnswerFormat format, QueryParameters parameters) {
        return parameters
                .find("$positions")
                .map(text -> {
                    if (!format.isStream()) {
                        throw ApiError.InvalidProperty.because(
                                "`$positions` is for the formats ndjson and csv: a page has its `nextLink`");
                    }
                    return every(text);
                })
                .orElse(0);
    }

    private static int every(String text) {
        int every = text.matches("\\d{1,7}") ? Integer.parseInt(text) : 0;
        if (every < 1 || every > MAX_EVERY) {
            throw ApiError.InvalidProperty.because("`$positions` must be a number of rows from 1 to " + MAX_EVERY);
        }
        return every;
    }
}
