package io.tallygate.gateway.collect;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.gateway.collect.SourceException.Kind;
import io.tallygate.gateway.collect.SourceOrigin.Stamp;
import io.tallygate.gateway.http.WireTime;
import io.tallygate.routing.outbound.Deadline;
import io.tallygate.routing.outbound.OutboundHttp;
import io.tallygate.store.directory.SubscriptionId;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Azure Stack Hub's provider usage API ({@code Microsoft.Commerce.Admin/subscriberUsageAggregates}) and its list of
 * subscriptions; another Tallygate's, which are the same. Safe for several threads.
 */
public final class AzureStackHubSource implements CollectSource {
    /** The most bytes of a page; a usual one has a thousand rows in one MiB. */
    static final int MAX_PAGE = 16 * 1024 * 1024;

    private static final int MAX_SUBSCRIPTION_PAGES = 10_000;
    private static final int MAX_SUBSCRIPTIONS = 500_000;

    private static final Logger LOG = LoggerFactory.getLogger(AzureStackHubSource.class);
    private static final String USAGE =
            "/providers/Microsoft.Commerce.Admin/subscriberUsageAggregates?api-version=2015-06-01-preview";
    private static final String SUBSCRIPTIONS =
            "/providers/Microsoft.Subscriptions.Admin/subscriptions?api-version=2015-11-01";

    private final Vertx vertx;
    private final SourceConfig config;
    private final Stamp stamp;
    private final OutboundHttp http;
    private final SourceHttp source;
    private final String subscriptions;
    private final StampProviders providers;
    private final Clock clock = Clock.systemUTC();

    /** Asks for nothing yet. */
    public AzureStackHubSource(Vertx vertx, SourceConfig config, Stamp stamp) {
        this.vertx = vertx;
        this.config = config;
        this.stamp = stamp;
        // Pages do not say whose answer they are, so none may be taken for another's: a connection each.
        this.http = new OutboundHttp(
                vertx,
                new OutboundHttp.Options(config.caPem(), config.deadline(), config.concurrency() + 1, false, MAX_PAGE));
        this.source = SourceHttp.of(vertx, http, stamp.access());
        this.subscriptions = stamp.url().toString().replaceAll("/+$", "") + "/subscriptions/";
        this.providers = new StampProviders(stamp.operatorSubscription(), () -> new SubscriptionList().read(), clock);
    }

    @Override
    public Future<SourcePage> page(UsageWindow window, Optional<String> next) {
        return stamp.type().givesDirectTenantsOnly()
                ? page(window, next.map(ProviderPlace::of).orElse(ProviderPlace.FIRST))
                : list(usage(stamp.operatorSubscription(), window), next);
    }

    // Who was no provider when the window was over has no tenants' usage in it; who became one since then is asked for
    // too. What counts is that the list is the same from page to page.
    private Future<SourcePage> page(UsageWindow window, ProviderPlace place) {
        return providers.asOf(window.to()).compose(known -> {
            SubscriptionId provider = place.provider(known);
            return list(usage(provider, window), place.link())
                    .map(page -> new SourcePage(
                            page.rows(), place.next(known, page.next()).map(ProviderPlace::text), place.beginsAnew()))
                    .recover(failure -> Future.failedFuture(
                            provider.equals(stamp.operatorSubscription()) ? failure : under(provider, failure)));
        });
    }

    private static Throwable under(SubscriptionId provider, Throwable failure) {
        return failure instanceof SourceException trouble
                ? new SourceException(
                        trouble.kind(),
                        "under the delegated provider's subscription " + provider + ": " + trouble.getMessage(),
                        trouble.retryAfter())
                : failure;
    }

    private URI usage(SubscriptionId provider, UsageWindow window) {
        return URI.create(subscriptions + provider + USAGE + "&reportedStartTime=" + time(window.from())
                + "&reportedEndTime=" + time(window.to()) + "&aggregationGranularity=" + config.granularity());
    }

    @Override
    public Future<List<SourceSubscription>> subscriptions() {
        Instant asked = clock.instant();
        return new SubscriptionList().read().onSuccess(all -> providers.keep(asked, all));
    }

    @Override
    public Future<Void> close() {
        return http.close();
    }

    private Future<SourcePage> list(URI first, Optional<String> next) {
        URI asked = next.map(URI::create).orElse(first);
        return source.get(asked, Deadline.in(config.deadline()))
                // A page of a thousand rows would keep the event loop for a while.
                .compose(reply -> vertx.executeBlocking(() -> SourceAnswer.page(first, asked, reply), false));
    }

    private static String time(Instant time) {
        return URLEncoder.encode(WireTime.format(time), StandardCharsets.UTF_8);
    }

    /** One reading of all subscriptions; a loop and not a chain, so that many pages are not many futures. */
    private final class SubscriptionList {
        private final URI first = URI.create(subscriptions + stamp.operatorSubscription() + SUBSCRIPTIONS);
        private final FollowedLinks followed = new FollowedLinks(MAX_SUBSCRIPTION_PAGES);
        private final List<SourceSubscription> found = new ArrayList<>();
        private final Promise<List<SourceSubscription>> done = Promise.promise();
        private int unreadable;
        private int leftOut;

        Future<List<SourceSubscription>> read() {
            ask(Optional.empty());
            return done.future();
        }

        private void ask(Optional<String> next) {
            list(first, next)
                    .map(followed::once)
                    .map(this::add)
                    .onFailure(done::fail)
                    .onSuccess(following -> {
                        if (following.isEmpty()) {
                            done.complete(all());
                        } else {
                            ask(following);
                        }
                    });
        }

        private Optional<String> add(SourcePage page) {
            for (JsonNode row : page.rows()) {
                SubscriptionRow.read(row, stamp.operatorSubscription()).ifPresentOrElse(this::add, () -> unreadable++);
            }
            if (found.size() > MAX_SUBSCRIPTIONS) {
                throw new SourceException(Kind.Malformed, "more than " + MAX_SUBSCRIPTIONS + " subscriptions");
            }
            return page.next();
        }

        // What is not asked for must not look complete.
        private void add(SourceSubscription subscription) {
            if (stamp.withoutProviders().contains(subscription.provider())) {
                leftOut++;
            } else {
                found.add(subscription);
            }
        }

        // One that nobody can place must not keep the others out; its usage stays in quarantine, to be seen.
        private List<SourceSubscription> all() {
            if (unreadable > 0) {
                LOG.warn(
                        "{} lists {} subscriptions without a subscriptionId, tenantId or"
                                + " delegatedProviderSubscriptionId that is a UUID: they are left out",
                        config.name(),
                        unreadable);
            }
            if (leftOut > 0) {
                LOG.warn(
                        "{} lists {} subscriptions of providers that its withoutProviders names: their usage is not collected,"
                                + " and they are left out",
                        config.name(),
                        leftOut);
            }
            return List.copyOf(found);
        }
    }
}
