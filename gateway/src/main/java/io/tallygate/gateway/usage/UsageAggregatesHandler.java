package io.tallygate.gateway.usage;

import io.tallygate.gateway.auth.Caller;
import io.tallygate.gateway.export.AggregateType;
import io.tallygate.gateway.http.Answer;
import io.tallygate.gateway.http.ApiError;
import io.tallygate.gateway.http.ApiException;
import io.tallygate.gateway.http.QueryParameters;
import io.tallygate.gateway.http.WireUuid;
import io.tallygate.gateway.usage.ContinuationTokens.Continuation;
import io.tallygate.routing.payer.RoutedUsageStore;
import io.tallygate.store.aggregate.PagePosition;
import io.tallygate.store.aggregate.UsageScope;
import io.tallygate.store.directory.ProviderStore;
import io.tallygate.store.directory.Subscription;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.SubscriptionStore;
import io.tallygate.store.window.WindowStatus;
import io.tallygate.store.window.WindowStore;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.time.Instant;

/** The usage routes: authorise the path, read the request or its token, see that the range is sealed, answer. */
public final class UsageAggregatesHandler {
    private final Stores stores;
    private final TenantScopes tenantScopes;
    private final ContinuationTokens tokens;
    private final UsageAnswers answers;
    private final SubscriptionId operatorSubscription;
    private final Clock clock;

    /** What the routes read from. */
    public record Stores(
            SubscriptionStore subscriptions, ProviderStore providers, WindowStore windows, RoutedUsageStore routed) {}

    /** Answers for everything that {@code operatorSubscription}, the default provider subscription, implies. */
    public UsageAggregatesHandler(
            Stores stores,
            TenantScopes tenantScopes,
            ContinuationTokens tokens,
            UsageAnswers answers,
            SubscriptionId operatorSubscription,
            Clock clock) {
        this.stores = stores;
        this.tenantScopes = tenantScopes;
        this.tokens = tokens;
        this.answers = answers;
        this.operatorSubscription = operatorSubscription;
        this.clock = clock;
    }

    /** {@code GET} and {@code HEAD} of {@code /subscriptions/{subscription}/providers/Microsoft.Commerce/UsageAggregates}. */
    public Future<Answer> tenant(RoutingContext ctx) {
        return tenantScope(ctx).compose(scope -> answer(ctx, AggregateType.TENANT, scope));
    }

    /** {@code GET} and {@code HEAD} of {@code /subscriptions/{subscription}/providers/Microsoft.Commerce.Admin/subscriberUsageAggregates}. */
    public Future<Answer> admin(RoutingContext ctx) {
        return adminScope(ctx).compose(scope -> answer(ctx, AggregateType.ADMIN, scope));
    }

    private Future<UsageScope> tenantScope(RoutingContext ctx) {
        return tenantScopes.of(Caller.of(ctx), pathSubscription(ctx));
    }

    private Future<UsageScope> adminScope(RoutingContext ctx) {
        SubscriptionId path = pathSubscription(ctx);
        return Future.all(stores.subscriptions().find(path), stores.providers().isProvider(path))
                .map(found -> Visibility.onAdminRoute(
                        Caller.of(ctx), found.<Subscription>resultAt(0), found.resultAt(1), operatorSubscription));
    }

    private static SubscriptionId pathSubscription(RoutingContext ctx) {
        return new SubscriptionId(WireUuid.require(ctx.pathParam("subscription"), "subscriptionId"));
    }

    private Future<Answer> answer(RoutingContext ctx, AggregateType type, UsageScope path) {
        QueryParameters parameters = new QueryParameters(ctx.queryParams());
        AskedUsage asked = AskedUsage.of(ctx, type, path, parameters);
        Continuation from = begin(asked, parameters);
        return narrow(asked, from)
                .map(scope -> asked.narrowedTo(scope, from))
                .compose(this::requireSealed)
                .compose(answers::answer);
    }

    // The token wins over the query's times and granularity: one SDK overwrites them when it follows a link.
    private Continuation begin(AskedUsage asked, QueryParameters parameters) {
        return parameters
                .find("continuationToken")
                .map(token -> tokens.open(token, asked.binding()))
                .orElseGet(() -> {
                    UsageRequest request = asked.type() == AggregateType.ADMIN
                            ? UsageRequest.ofAdminRoute(parameters)
                            : UsageRequest.ofTenantRoute(parameters);
                    return new Continuation(request, new PagePosition(request.reportedStart(), 0));
                });
    }

    private Future<UsageScope> narrow(AskedUsage asked, Continuation from) {
        return from.request()
                .subscriber()
                .map(subscriber -> narrow(asked.scope(), subscriber))
                .orElse(Future.succeededFuture(asked.scope()));
    }

    private Future<UsageScope> narrow(UsageScope path, SubscriptionId subscriber) {
        return path instanceof UsageScope.DirectTenantsOf provider
                ? stores.providers()
                        .served(provider.providerSubscription(), subscriber)
                        .map(served -> Visibility.narrow(subscriber, served))
                : stores.subscriptions().find(subscriber).map(Visibility::narrow);
    }

    private Future<AskedUsage> requireSealed(AskedUsage asked) {
        UsageRequest request = asked.request();
        boolean routed = asked.scope() instanceof UsageScope.PaidBy;
        Future<Boolean> complete = routed
                ? stores.routed().isRoutedThrough(request.reportedEnd())
                : stores.windows().isSealedThrough(request.reportedEnd());
        return complete.compose(done -> done
                ? Future.succeededFuture(asked)
                : stores.windows().status().map(status -> {
                    throw incomplete(request, status, routed ? "routed" : "sealed");
                }));
    }

    // Windows that are closed are the past, even if that is ahead of the clock: an operator may close them early.
    private ApiException incomplete(UsageRequest request, WindowStatus status, String step) {
        Instant past = clock.instant();
        if (status.closedThrough() != null && status.closedThrough().isAfter(past)) {
            past = status.closedThrough();
        }
        return request.reportedEnd().isAfter(past)
                ? ApiError.RequestEndTimeIsInFuture.because("`reportedEndTime` is in the future; the latest is "
                        + request.granularity().floor(past))
                : ApiError.ProcessingNotCompleted.because("Usage before `reportedEndTime` is not " + step
                        + " yet: ask again after the time that Retry-After says");
    }
}
