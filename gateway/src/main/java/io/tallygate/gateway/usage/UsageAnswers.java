package io.tallygate.gateway.usage;

import io.tallygate.gateway.auth.Caller;
import io.tallygate.gateway.export.AnswerFormat;
import io.tallygate.gateway.export.BodyCoding;
import io.tallygate.gateway.export.CsvRowText;
import io.tallygate.gateway.export.JsonRowText;
import io.tallygate.gateway.export.RowText;
import io.tallygate.gateway.export.StreamLimits;
import io.tallygate.gateway.export.UsageStream;
import io.tallygate.gateway.http.Answer;
import io.tallygate.gateway.http.ApiError;
import io.tallygate.gateway.http.PublicAddress;
import io.tallygate.gateway.http.RawQuery;
import io.tallygate.gateway.http.RefusalReason;
import io.tallygate.gateway.observe.ObservedRequest;
import io.tallygate.gateway.observe.StreamDirection;
import io.tallygate.gateway.usage.ContinuationTokens.Continuation;
import io.tallygate.routing.payer.RoutedUsageStore;
import io.tallygate.store.aggregate.AggregationGranularity;
import io.tallygate.store.aggregate.Page;
import io.tallygate.store.aggregate.PagePosition;
import io.tallygate.store.aggregate.UsageAggregate;
import io.tallygate.store.aggregate.UsageAggregateStore;
import io.tallygate.store.aggregate.UsageQuery;
import io.tallygate.store.aggregate.UsageScope;
import io.tallygate.store.directory.TenantId;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Answers what may be seen and is sealed: a page, the count of rows, or a stream. */
public final class UsageAnswers {
    // A link is kept and passed on: a key has no place in it.
    private static final List<String> NOT_REPEATED = List.of("continuationToken", "api_key");

    private static final String COMPLETE_THROUGH = "x-complete-through";

    private final UsageAggregateStore aggregates;
    private final RoutedUsageStore routed;
    private final ContinuationTokens tokens;
    private final PublicAddress address;
    private final StreamLimits limits;
    private final Standing standing;
    private final CompleteThrough complete;

    /** Reads from these stores; {@code standing} is asked after each read, {@code complete} before the first. */
    public UsageAnswers(
            UsageAggregateStore aggregates,
            RoutedUsageStore routed,
            ContinuationTokens tokens,
            PublicAddress address,
            StreamLimits limits,
            Standing standing,
            CompleteThrough complete) {
        this.aggregates = aggregates;
        this.routed = routed;
        this.tokens = tokens;
        this.address = address;
        this.limits = limits;
        this.standing = standing;
        this.complete = complete;
    }

    /** The answer; null if it is sent already. */
    Future<Answer> answer(AskedUsage asked) {
        // The same address answers in several formats: what lies between must not mix them up.
        asked.ctx().response().putHeader("Vary", "Accept, Accept-Encoding");
        return complete.of(asked.scope(), asked.request().reportedEnd())
                .map(through -> through.map(time -> Map.of(COMPLETE_THROUGH, time.toString()))
                        .orElse(Map.of()))
                .compose(said -> answer(asked, said));
    }

    private Future<Answer> answer(AskedUsage asked, Map<String, String> said) {
        if (asked.ctx().request().method().equals(HttpMethod.HEAD)) {
            return count(asked).map(count -> count.with(said));
        }
        return asked.format().isStream() ? stream(asked, said) : page(asked).map(page -> page.with(said));
    }

    private Future<Answer> count(AskedUsage asked) {
        UsageQuery query = asked.query(UsageQuery.MAX_PAGE);
        Future<Long> count = asked.scope() instanceof UsageScope.PaidBy ? routed.count(query) : aggregates.count(query);
        return allowed(asked, count)
                .map(rows -> new Answer(
                        200,
                        Map.of("Content-Type", asked.format().contentType(), "x-row-count", Long.toString(rows)),
                        null));
    }

    private Future<Answer> page(AskedUsage asked) {
        return read(asked, asked.query(UsageQuery.MAX_PAGE))
                .compose(page -> UsageAggregatePage.render(
                        asked.ctx().vertx(),
                        new JsonRowText(asked.type(), asked.request().granularity()),
                        page.rows(),
                        page.next() == null ? null : nextLink(asked, page.next())))
                .map(Answer::ok);
    }

    private Future<Page<UsageAggregate, PagePosition>> read(AskedUsage asked, UsageQuery query) {
        return allowed(asked, asked.scope() instanceof UsageScope.PaidBy ? routed.page(query) : aggregates.page(query));
    }

    private <T> Future<T> allowed(AskedUsage asked, Future<T> read) {
        return read.compose(
                found -> standing.require(Caller.of(asked.ctx()), asked.scope()).map(found));
    }

    private Future<Answer> stream(AskedUsage asked, Map<String, String> said) {
        RoutingContext ctx = asked.ctx();
        if (ctx.request().version() == HttpVersion.HTTP_1_0) {
            throw ApiError.HttpVersionNotSupported.because(
                    "A stream needs HTTP/1.1 or later: with HTTP/1.0 its end cannot be told from a cut");
        }
        UsageStream.Content content = content(asked, said);
        TenantId tenant = Caller.of(ctx).tenantId();
        if (!limits.begin(tenant)) {
            throw ApiError.TooManyRequests.because(
                    RefusalReason.TOO_MANY_STREAMS,
                    "Your tenant has " + limits.perTenant() + " streams already, or there are " + limits.streams()
                            + " in all: ask again after the time that Retry-After says");
        }
        ObservedRequest.of(ctx).streams(StreamDirection.OUT);
        return new UsageStream(ctx.vertx(), ctx.response(), content, limits)
                .send()
                .onComplete(ended -> limits.end(tenant))
                .mapEmpty();
    }

    private UsageStream.Content content(AskedUsage asked, Map<String, String> said) {
        UsageQuery query = asked.query(UsageQuery.MAX_PAGE);
        AggregationGranularity granularity = asked.request().granularity();
        RowText text = asked.format() == AnswerFormat.CSV
                ? new CsvRowText(granularity, asked.tokenEvery() > 0)
                : new JsonRowText(asked.type(), granularity);
        return new UsageStream.Content(
                Map.of(
                        "Content-Type",
                        asked.format().contentType(),
                        "Content-Disposition",
                        "attachment; filename=\"" + fileName(asked) + "\""),
                said,
                BodyCoding.of(asked.ctx()),
                (after, rows) -> read(asked, query.after(after, rows)),
                query.after(),
                text,
                position -> token(asked, position),
                asked.tokenEvery());
    }

    private static String fileName(AskedUsage asked) {
        UsageRequest request = asked.request();
        return "usage-" + asked.ctx().pathParam("subscription").toLowerCase(Locale.ROOT) + "-"
                + request.granularity().name().toLowerCase(Locale.ROOT) + "-"
                + time(request, request.reportedStart()) + "-" + time(request, request.reportedEnd()) + "."
                + asked.format().extension();
    }

    // To the day or the hour; a colon is not allowed in file names everywhere.
    private static String time(UsageRequest request, Instant time) {
        return time.toString()
                .substring(
                        0,
                        request.granularity() == AggregationGranularity.Daily
                                ? "uuuu-MM-dd".length()
                                : "uuuu-MM-ddTHH".length());
    }

    private String token(AskedUsage asked, PagePosition after) {
        return tokens.seal(new Continuation(asked.request(), after), asked.binding());
    }

    // The token comes last: the .NET client cuts from there to the end.
    private String nextLink(AskedUsage asked, PagePosition next) {
        RoutingContext ctx = asked.ctx();
        String others = RawQuery.without(ctx.request().query(), NOT_REPEATED);
        return address.of(ctx.request()) + ctx.request().path() + "?" + others + (others.isEmpty() ? "" : "&")
                + "continuationToken=" + token(asked, next);
    }
}
