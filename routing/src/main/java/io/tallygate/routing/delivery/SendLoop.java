package io.tallygate.routing.delivery;

import io.tallygate.routing.delivery.DeliveryService.Sent;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * Sends to one endpoint as long as there is something due, else looks for it every interval: one claim at a time, as
 * many submissions under way and as many a second as configured, none while the breaker is open or the endpoint wishes
 * to be left alone. Lives on one event loop.
 */
final class SendLoop {
    private static final int NO_TIMER = -1;

    private final Vertx vertx;
    private final Endpoint endpoint;
    private final DeliveryService service;
    private final EndpointBreaker breaker;
    private final PayerTurns turns;
    private final Backoff backoff;
    private final Duration interval;
    private final Trouble claiming;
    private final Trouble sending;
    private final Promise<Void> ended = Promise.promise();
    private boolean claims;
    private boolean stopped;
    private int underWay;
    private int throttles;
    private long quietUntil = System.nanoTime();
    private long timer = NO_TIMER;

    SendLoop(
            Vertx vertx,
            Endpoint endpoint,
            DeliveryService service,
            EndpointBreaker breaker,
            PayerTurns turns,
            Backoff backoff,
            Duration interval) {
        this.vertx = vertx;
        this.endpoint = endpoint;
        this.service = service;
        this.breaker = breaker;
        this.turns = turns;
        this.backoff = backoff;
        this.interval = interval;
        claiming = new Trouble("claim events of the endpoint " + endpoint.name());
        sending = new Trouble("mark events of the endpoint " + endpoint.name());
    }

    /** Begins. */
    void start() {
        next();
    }

    /**
     * Claims nothing more. The future ends when what is under way has ended, within a lease, and what is claimed and not
     * sent is given back.
     */
    Future<Void> stop() {
        stopped = true;
        vertx.cancelTimer(timer);
        endIfIdle();
        return ended.future();
    }

    private void next() {
        if (stopped || claims || underWay >= endpoint.config().concurrency()) {
            return;
        }
        vertx.cancelTimer(timer);
        long wait = quietUntil - System.nanoTime();
        if (wait > 0) {
            later(TimeUnit.NANOSECONDS.toMillis(wait) + 1);
        } else if (!breaker.lets(underWay)) {
            later(interval.toMillis());
        } else {
            claim();
        }
    }

    private void later(long millis) {
        timer = vertx.setTimer(millis, none -> next());
    }

    private void claim() {
        claims = true;
        service.claim(turns.last(), turns.resting(System.nanoTime()))
                .onSuccess(this::claimed)
                .onFailure(this::notClaimed);
    }

    private void notClaimed(Throwable failure) {
        claims = false;
        claiming.failed(failure);
        if (!stopped) {
            later(interval.toMillis());
        }
        endIfIdle();
    }

    private void claimed(Optional<Claim> claimed) {
        claims = false;
        claiming.well();
        if (claimed.isEmpty()) {
            turns.nobody();
            if (!stopped) {
                later(interval.toMillis());
            }
            endIfIdle();
            return;
        }
        Claim claim = claimed.get();
        UUID payer = claim.payer().value();
        turns.took(payer);
        turns.begin(payer);
        underWay++;
        if (stopped) {
            end(payer, service.release(claim).map(done -> new Sent(false, false, Optional.empty())));
            return;
        }
        if (!claim.events().isEmpty()) {
            quietFor(rateInterval());
        }
        end(payer, service.send(claim));
        next();
    }

    private void end(UUID payer, Future<Sent> sent) {
        sent.onSuccess(done -> {
            sending.well();
            heed(done);
            ended(payer, done.failed());
        });
        sent.onFailure(failure -> {
            sending.failed(failure);
            quietFor(interval);
            ended(payer, false);
        });
    }

    private void ended(UUID payer, boolean failed) {
        underWay--;
        turns.end(payer, failed, System.nanoTime());
        next();
        endIfIdle();
    }

    private void heed(Sent sent) {
        throttles = sent.throttled() ? throttles + 1 : 0;
        if (sent.throttled()) {
            quietFor(backoff.after(throttles));
        }
        sent.wish().ifPresent(this::quietFor);
    }

    private Duration rateInterval() {
        int rate = endpoint.config().rate();
        return rate == 0 ? Duration.ZERO : Duration.ofSeconds(1).dividedBy(rate);
    }

    private void quietFor(Duration duration) {
        long until = System.nanoTime() + duration.toNanos();
        if (until - quietUntil > 0) {
            quietUntil = until;
        }
    }

    private void endIfIdle() {
        if (stopped && !claims && underWay == 0) {
            ended.tryComplete();
        }
    }
}
