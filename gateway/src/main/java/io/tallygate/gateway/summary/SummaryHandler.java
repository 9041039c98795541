package io.tallygate.gateway.summary;

import io.tallygate.gateway.auth.Caller;
import io.tallygate.gateway.http.Answer;
import io.tallygate.gateway.http.ApiError;
import io.tallygate.gateway.http.ApiException;
import io.tallygate.gateway.http.QueryParameters;
import io.tallygate.gateway.http.WireText;
import io.tallygate.gateway.usage.Visibility;
import io.tallygate.store.directory.ProviderStore;
import io.tallygate.store.directory.Subscription;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.SubscriptionStore;
import io.tallygate.store.summary.Summary;
import io.tallygate.store.summary.SummaryGranularity;
import io.tallygate.store.summary.SummaryQuery;
import io.tallygate.store.summary.SummaryScope;
import io.tallygate.store.summary.SummaryStore;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;

/** {@code GET /usage/summary}: usage by time, and by what or whom it was used. */
public final class SummaryHandler {
    private final SummaryStore summaries;
    private final SubscriptionStore subscriptions;
    private final ProviderStore providers;
    private final SubscriptionId operatorSubscription;

    /** Reads from these stores; {@code operatorSubscription} is the default provider subscription. */
    public SummaryHandler(
            SummaryStore summaries,
            SubscriptionStore subscriptions,
            ProviderStore providers,
            SubscriptionId operatorSubscription) {
        this.summaries = summaries;
        this.subscriptions = subscriptions;
        this.providers = providers;
        this.operatorSubscription = operatorSubscription;
    }

    /**
     * {@code ?from&to&granularity&groupBy&subscription&provider&meter&resource&tag&top&open}: without {@code subscription}
     * and {@code provider} all that the caller may see as its own, the operator everything.
     */
    public Future<Answer> get(RoutingContext ctx) {
        SummaryRequest request = SummaryRequest.of(new QueryParameters(ctx.queryParams()));
        Caller caller = Caller.of(ctx);
        return scope(caller, request)
                .map(scope -> query(caller, scope, request))
                .compose(summaries::summarise)
                .map(summary -> Answer.ok(SummaryJson.of(request, answerable(request, summary))));
    }

    private Future<SummaryScope> scope(Caller caller, SummaryRequest request) {
        return request.provider()
                .map(provider -> ofProvider(caller, provider))
                .or(() -> request.subscription().map(subscription -> ofOne(caller, subscription)))
                .orElseGet(() -> Future.succeededFuture(Visibility.ofSummary(caller)));
    }

    private Future<SummaryScope> ofProvider(Caller caller, SubscriptionId provider) {
        return Future.all(subscriptions.find(provider), providers.isProvider(provider))
                .map(found -> Visibility.ofProvidersSummary(
                        caller, found.<Subscription>resultAt(0), found.resultAt(1), operatorSubscription));
    }

    // Providers are looked up for every subscription: else the time of a refusal would tell which there are.
    private Future<SummaryScope> ofOne(Caller caller, SubscriptionId subscription) {
        return Future.all(subscriptions.find(subscription), subscriptions.providersOf(subscription))
                .map(found -> Visibility.ofSubscriptionsSummary(
                        caller, found.<Subscription>resultAt(0), found.resultAt(1), operatorSubscription));
    }

    private static SummaryQuery query(Caller caller, SummaryScope scope, SummaryRequest request) {
        return new SummaryQuery(
                caller.viewer(),
                scope,
                request.from(),
                request.to(),
                request.granularity(),
                request.grouping(),
                request.filter(),
                request.top(),
                request.open());
    }

    private static Summary answerable(SummaryRequest request, Summary summary) {
        if (summary == null) {
            throw ApiError.InvalidProperty.because("`meter` is not in the catalogue: "
                    + WireText.quoted(request.filter().meter()));
        }
        if (!summary.complete()) {
            throw tooMany(request, summary.series().size());
        }
        return summary;
    }

    private static ApiException tooMany(SummaryRequest request, int series) {
        String fitting = Arrays.stream(SummaryGranularity.values())
                .filter(coarser -> coarser.compareTo(request.granularity()) > 0)
                .filter(coarser -> series * coarser.points(request.from(), request.to()) <= SummaryQuery.MAX_POINTS)
                .findFirst()
                .map(coarser -> "the granularity " + SummaryRequest.word(coarser) + " fits; or ask for less time, or")
                .orElse("ask for less time, or");
        return ApiError.InvalidProperty.because(
                "The summary has more than " + SummaryQuery.MAX_POINTS + " points: " + fitting + " a smaller `top`");
    }
}
