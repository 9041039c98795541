package io.tallygate.routing.delivery;

import io.tallygate.store.Database;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Delivers to every configured endpoint, each on its own: composes events, sends what is due, warns of what gets old.
 * Any number of gateways may run it at once: composing is one transaction at a time, and events are leased.
 */
public final class DeliveryVerticle extends VerticleBase {
    private final Database database;
    private final List<Endpoint> endpoints;
    private final Function<Endpoint, Supplier<Future<Integer>>> composers;
    private final DeliveryObserver observer;
    private final Duration interval;
    private final Map<String, EndpointBreaker> breakers = new ConcurrentHashMap<>();
    private final List<ComposeLoop> composing = new ArrayList<>();
    private final List<SendLoop> sending = new ArrayList<>();
    private final List<ExpiryWatch> watches = new ArrayList<>();

    /**
     * Prepares it.
     *
     * @param endpoints of different names; whoever opened their adapters closes them, after this is undeployed
     * @param composers gives, for an endpoint, what makes some of its events in one transaction and says how many; 0:
     *     nothing is due
     * @param interval how often it looks for work where there was none
     */
    public DeliveryVerticle(
            Database database,
            List<Endpoint> endpoints,
            Function<Endpoint, Supplier<Future<Integer>>> composers,
            DeliveryObserver observer,
            Duration interval) {
        this.database = database;
        this.endpoints = List.copyOf(endpoints);
        this.composers = composers;
        this.observer = observer;
        this.interval = interval;
    }

    @Override
    public Future<?> start() {
        for (Endpoint endpoint : endpoints) {
            composing.add(new ComposeLoop(vertx, endpoint.name(), composers.apply(endpoint), observer, interval));
            sending.add(sendLoop(endpoint));
            watches.add(new ExpiryWatch(vertx, database, endpoint, observer));
        }
        composing.forEach(ComposeLoop::start);
        sending.forEach(SendLoop::start);
        watches.forEach(ExpiryWatch::start);
        return Future.succeededFuture();
    }

    /** Claims nothing more, and waits for what is under way: at the longest as long as a lease. */
    @Override
    public Future<?> stop() {
        List<Future<Void>> ends = new ArrayList<>();
        composing.forEach(loop -> ends.add(loop.stop()));
        sending.forEach(loop -> ends.add(loop.stop()));
        watches.forEach(watch -> ends.add(watch.stop()));
        return Future.join(ends);
    }

    /** The breaker of the endpoint of this name, if it delivers there; any thread may ask. */
    public Optional<BreakerState> breaker(String endpoint) {
        return Optional.ofNullable(breakers.get(endpoint)).map(EndpointBreaker::state);
    }

    private SendLoop sendLoop(Endpoint endpoint) {
        EndpointBreaker breaker = new EndpointBreaker(vertx, endpoint, observer);
        breakers.put(endpoint.name(), breaker);
        DeliveryService service = new DeliveryService(vertx, database, endpoint, breaker, Backoff.ofEvents(), observer);
        PayerTurns turns = new PayerTurns(endpoint.config().concurrency(), Backoff.ofTurns());
        return new SendLoop(vertx, endpoint, service, breaker, turns, Backoff.ofTurns(), interval);
    }
}
