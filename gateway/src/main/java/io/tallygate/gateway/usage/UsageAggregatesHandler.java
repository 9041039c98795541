package io.tallygate.gateway.usage;

import io.tallygate.gateway.auth.Caller;
import io.tallygate.gateway.http.Answer;
import io.tallygate.gateway.http.ApiError;
import io.tallygate.gateway.http.ApiException;
import io.tallygate.gateway.http.PublicAddress;
import io.tallygate.gateway.http.QueryParameters;
import io.tallygate.gateway.http.WireUuid;
import io.tallygate.gateway.usage.ContinuationTokens.Continuation;
import io.tallygate.routing.payer.RoutedUsageStore;
import io.tallygate.routing.registration.RegistrationStore;
import io.tallygate.store.aggregate.Page;
import io.tallygate.store.aggregate.PagePosition;
import io.tallygate.store.aggregate.UsageAggregate;
import io.tallygate.store.aggregate.UsageAggregateStore;
import io.tallygate.store.aggregate.UsageQuery;
import io.tallygate.store.aggregate.UsageScope;
import io.tallygate.store.directory.Subscription;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.SubscriptionStore;
import io.tallygate.store.window.WindowStatus;
import io.tallygate.store.window.WindowStore;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The usage routes: authorise the path, read the request or its token, see that the range is sealed, read one page.
 */
public final class UsageAggregatesHandler {
    private final Stores stores;
    private final ContinuationTokens tokens;
    private final PublicAddress address;
    private final SubscriptionId operatorSubscription;
    private final Clock clock;

    /** What the routes read from. */
    public record Stores(
            SubscriptionStore subscriptions,
            RegistrationStore registrations,
            WindowStore windows,
            UsageAggregateStore aggregates,
            RoutedUsageStore routed) {}

    private record Asked(
            RoutingContext ctx, UsageAggregatePage.Kind kind, UsageScope path, QueryParameters parameters) {}

    private record Scoped(Asked asked, UsageScope scope, Continuation from) {}

    /** Answers for everything that {@code operatorSubscription}, the default provider subscription, implies. */
    public UsageAggregatesHandler(
            Stores stores,
            ContinuationTokens tokens,
            PublicAddress address,
            SubscriptionId operatorSubscription,
            Clock clock) {
        this.stores = stores;
        this.tokens = tokens;
        this.address = address;
        this.operatorSubscription = operatorSubscription;
        this.clock = clock;
    }

    /** {@code GET /subscriptions/{subscription}/providers/Microsoft.Commerce/UsageAggregates}. */
    public Future<Answer> tenant(RoutingContext ctx) {
        return tenantScope(ctx).compose(scope -> answer(ctx, UsageAggregatePage.Kind.TENANT, scope));
    }

    /** {@code GET /subscriptions/{subscription}/providers/Microsoft.Commerce.Admin/subscriberUsageAggregates}. */
    public Future<Answer> admin(RoutingContext ctx) {
        return adminScope(ctx).compose(scope -> answer(ctx, UsageAggregatePage.Kind.ADMIN, scope));
    }

    private Future<UsageScope> tenantScope(RoutingContext ctx) {
        SubscriptionId path = pathSubscription(ctx);
        return stores.subscriptions()
                .find(path)
                .compose(local -> local != null
                        ? Future.succeededFuture(Visibility.onTenantRoute(Caller.of(ctx), path, local, false))
                        : stores.registrations()
                                .isCspSubscription(path)
                                .map(isCsp -> Visibility.onTenantRoute(Caller.of(ctx), path, null, isCsp)));
    }

    private Future<UsageScope> adminScope(RoutingContext ctx) {
        SubscriptionId path = pathSubscription(ctx);
        return Future.all(
                        stores.subscriptions().find(path),
                        stores.subscriptions().isProvider(path))
                .map(found -> Visibility.onAdminRoute(
                        Caller.of(ctx), found.<Subscription>resultAt(0), found.resultAt(1), operatorSubscription));
    }

    private static SubscriptionId pathSubscription(RoutingContext ctx) {
        return new SubscriptionId(WireUuid.require(ctx.pathParam("subscription"), "subscriptionId"));
    }

    private Future<Answer> answer(RoutingContext ctx, UsageAggregatePage.Kind kind, UsageScope path) {
        Asked asked = new Asked(ctx, kind, path, new QueryParameters(ctx.queryParams()));
        return narrow(asked, begin(asked)).compose(this::requireSealed).compose(this::page);
    }

    // The token wins over the query's times and granularity: one SDK overwrites them when it follows a link.
    private Continuation begin(Asked asked) {
        return asked.parameters()
                .find("continuationToken")
                .map(token -> tokens.open(token, binding(asked)))
                .orElseGet(() -> {
                    UsageRequest request = asked.kind() == UsageAggregatePage.Kind.ADMIN
                            ? UsageRequest.ofAdminRoute(asked.parameters())
                            : UsageRequest.ofTenantRoute(asked.parameters());
                    return new Continuation(request, new PagePosition(request.reportedStart(), 0));
                });
    }

    private static String binding(Asked asked) {
        return asked.ctx().normalizedPath().toLowerCase(Locale.ROOT) + " "
                + Caller.of(asked.ctx()).tenantId() + " " + asked.path();
    }

    private Future<Scoped> narrow(Asked asked, Continuation from) {
        return from.request()
                .subscriber()
                .map(id ->
                        stores.subscriptions().find(id).map(subscriber -> Visibility.narrow(asked.path(), subscriber)))
                .orElse(Future.succeededFuture(asked.path()))
                .map(scope -> new Scoped(asked, scope, from));
    }

    private Future<Scoped> requireSealed(Scoped scoped) {
        UsageRequest request = scoped.from().request();
        boolean routed = scoped.scope() instanceof UsageScope.PaidBy;
        Future<Boolean> complete = routed
                ? stores.routed().isRoutedThrough(request.reportedEnd())
                : stores.windows().isSealedThrough(request.reportedEnd());
        return complete.compose(done -> done
                ? Future.succeededFuture(scoped)
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

    private Future<Answer> page(Scoped scoped) {
        UsageRequest request = scoped.from().request();
        UsageQuery query = new UsageQuery(
                scoped.scope(),
                request.granularity(),
                request.reportedStart(),
                request.reportedEnd(),
                scoped.from().after(),
                UsageQuery.MAX_PAGE);
        Future<Page<UsageAggregate, PagePosition>> page = scoped.scope() instanceof UsageScope.PaidBy
                ? stores.routed().page(query)
                : stores.aggregates().page(query);
        return page.map(rows -> Answer.ok(render(scoped, rows)));
    }

    private Buffer render(Scoped scoped, Page<UsageAggregate, PagePosition> page) {
        UsageRequest request = scoped.from().request();
        String nextLink = page.next() == null ? null : nextLink(scoped, page.next());
        return UsageAggregatePage.render(scoped.asked().kind(), request.granularity(), page.rows(), nextLink);
    }

    // The token comes last: the .NET client cuts from there to the end.
    private String nextLink(Scoped scoped, PagePosition next) {
        RoutingContext ctx = scoped.asked().ctx();
        String query = ctx.request().query();
        String others = query == null
                ? ""
                : Arrays.stream(query.split("&", -1))
                        .filter(pair -> !pair.isEmpty()
                                && !pair.toLowerCase(Locale.ROOT).startsWith("continuationtoken="))
                        .map(pair -> pair + "&")
                        .collect(Collectors.joining());
        String token = tokens.seal(new Continuation(scoped.from().request(), next), binding(scoped.asked()));
        return address.of(ctx.request()) + ctx.request().path() + "?" + others + "continuationToken=" + token;
    }
}
