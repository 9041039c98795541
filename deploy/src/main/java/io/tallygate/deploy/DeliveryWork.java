package io.tallygate.deploy;

import io.tallygate.deploy.config.DeliveryConfig;
import io.tallygate.deploy.observe.Observation;
import io.tallygate.gateway.delivery.ServedEndpoints;
import io.tallygate.routing.commerce.EndpointConfig;
import io.tallygate.routing.commerce.Terms;
import io.tallygate.routing.delivery.BreakerState;
import io.tallygate.routing.delivery.DeliveryVerticle;
import io.tallygate.routing.delivery.Endpoint;
import io.tallygate.routing.delivery.EventComposer;
import io.tallygate.routing.delivery.LoggingObserver;
import io.tallygate.routing.desk.EndpointStore;
import io.tallygate.routing.ledger.ReconciliationLog;
import io.tallygate.routing.ledger.ReconciliationStore;
import io.tallygate.routing.ledger.SelfCheck;
import io.tallygate.routing.ledger.SharedCheck;
import io.tallygate.store.Database;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Delivery and the check of its books, over the configured endpoints. */
final class DeliveryWork implements ServedEndpoints {
    private static final Logger LOG = LoggerFactory.getLogger(DeliveryWork.class);

    // A file has a whole day, and is written after its end.
    private static final Duration DAY_AND_MORE = Duration.ofDays(2);

    private final Vertx vertx;
    private final Database database;
    private final DeliveryConfig config;
    private final Observation observation;
    private final List<Endpoint> endpoints = new CopyOnWriteArrayList<>();
    private final List<String> deployments = new CopyOnWriteArrayList<>();
    private volatile DeliveryVerticle delivery;

    /** Does nothing before it is started. */
    DeliveryWork(Vertx vertx, Database database, DeliveryConfig config, Observation observation) {
        this.vertx = vertx;
        this.database = database;
        this.config = config;
        this.observation = observation;
    }

    /** Opens the endpoints, and lets delivery and the check go on by themselves. */
    Future<Void> start() {
        for (EndpointConfig endpoint : config.endpoints()) {
            Endpoint opened = Endpoint.open(vertx, endpoint);
            observation.metrics().delivery().endpoint(endpoint.name());
            observation
                    .figures()
                    .endpoint(endpoint.name(), late(opened.adapter().terms()));
            endpoints.add(opened);
        }
        if (endpoints.isEmpty()) {
            LOG.warn("No endpoint is configured (delivery.endpoints): what is routed waits");
        }
        delivery = delivery();
        return deploy(delivery).compose(started -> deploy(bookCheck()));
    }

    @Override
    public boolean acceptsNegative(String endpoint) {
        return endpoints.stream()
                .anyMatch(each ->
                        each.name().equals(endpoint) && each.adapter().terms().acceptsNegative());
    }

    @Override
    public Optional<BreakerState> breaker(String endpoint) {
        DeliveryVerticle started = delivery;
        return started == null ? Optional.empty() : started.breaker(endpoint);
    }

    /**
     * Claims nothing more, waits for the submissions under way, at the longest the longest
     * {@link EndpointConfig#breakerTimeout}, and closes the endpoints' connections.
     */
    Future<Void> stop() {
        return Future.join(deployments.stream().map(vertx::undeploy).toList())
                .eventually(() -> Future.join(endpoints.stream()
                        .map(endpoint -> endpoint.adapter().close())
                        .toList()))
                .mapEmpty();
    }

    // Where usage expires, when half of its time is gone, as the log warns too; else when a day more than usual is.
    private static Duration late(Terms terms) {
        return terms.maxAge()
                .map(age -> age.dividedBy(2))
                .orElseGet(() -> terms.settle().plus(DAY_AND_MORE));
    }

    private Future<Void> deploy(Deployable work) {
        return vertx.deployVerticle(work).onSuccess(deployments::add).mapEmpty();
    }

    private DeliveryVerticle delivery() {
        return new DeliveryVerticle(
                database,
                List.copyOf(endpoints),
                endpoint -> new EventComposer(database, endpoint)::composeNext,
                new DeliveryObservers(
                        List.of(new LoggingObserver(), observation.metrics().delivery())),
                config.interval());
    }

    private BookCheck bookCheck() {
        Duration longestLease = config.endpoints().stream()
                .map(EndpointConfig::lease)
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
        SelfCheck check = new SelfCheck(
                database,
                new ReconciliationStore(database),
                new ReconciliationObservers(
                        List.of(new ReconciliationLog(), observation.metrics().books())),
                longestLease);
        UnservedEndpoints unserved = new UnservedEndpoints(
                new EndpointStore(database),
                config.endpoints().stream().map(EndpointConfig::name).collect(Collectors.toUnmodifiableSet()));
        return new BookCheck(
                new SharedCheck(database, check, config.checkInterval()),
                unserved,
                found -> observation.metrics().books().told(found.balanced(), found.checkedAt()),
                config.checkInterval());
    }
}
