package io.tallygate.deploy;

import io.tallygate.deploy.config.DeliveryConfig;
import io.tallygate.gateway.delivery.ServedEndpoints;
import io.tallygate.routing.commerce.EndpointConfig;
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

    private final Vertx vertx;
    private final Database database;
    private final DeliveryConfig config;
    private final Metrics metrics;
    private final List<Endpoint> endpoints = new CopyOnWriteArrayList<>();
    private final List<String> deployments = new CopyOnWriteArrayList<>();
    private volatile DeliveryVerticle delivery;

    /** Does nothing before it is started. */
    DeliveryWork(Vertx vertx, Database database, DeliveryConfig config, Metrics metrics) {
        this.vertx = vertx;
        this.database = database;
        this.config = config;
        this.metrics = metrics;
    }

    /** Opens the endpoints, and lets delivery and the check go on by themselves. */
    Future<Void> start() {
        for (EndpointConfig endpoint : config.endpoints()) {
            metrics.endpoint(endpoint.name());
            endpoints.add(Endpoint.open(vertx, endpoint));
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

    private Future<Void> deploy(Deployable work) {
        return vertx.deployVerticle(work).onSuccess(deployments::add).mapEmpty();
    }

    private DeliveryVerticle delivery() {
        return new DeliveryVerticle(
                database,
                List.copyOf(endpoints),
                endpoint -> new EventComposer(database, endpoint)::composeNext,
                new DeliveryObservers(List.of(new LoggingObserver(), metrics)),
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
                new ReconciliationObservers(List.of(new ReconciliationLog(), metrics)),
                longestLease);
        UnservedEndpoints unserved = new UnservedEndpoints(
                new EndpointStore(database),
                config.endpoints().stream().map(EndpointConfig::name).collect(Collectors.toUnmodifiableSet()));
        return new BookCheck(
                new SharedCheck(database, check, config.checkInterval()),
                unserved,
                found -> metrics.booksChecked(found.balanced(), found.checkedAt()),
                config.checkInterval());
    }
}
