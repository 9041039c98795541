package io.tallygate.routing.delivery;

import io.tallygate.routing.commerce.EndpointConfig;
import io.tallygate.routing.commerce.Outcome;
import io.tallygate.routing.commerce.Submission;
import io.tallygate.routing.commerce.SubmissionResult;
import io.vertx.circuitbreaker.CircuitBreaker;
import io.vertx.circuitbreaker.CircuitBreakerOptions;
import io.vertx.circuitbreaker.CircuitBreakerState;
import io.vertx.circuitbreaker.OpenCircuitException;
import io.vertx.circuitbreaker.TimeoutException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Submits through a circuit breaker. It counts submissions in a row of which every event speaks against the endpoint,
 * gives up what hangs (which does not end it: the endpoint may bill it yet), and lets one through after a while. It
 * retries nothing: that is for the ledger. Every submission has a result.
 */
final class EndpointBreaker {
    private static final Logger LOG = LoggerFactory.getLogger(EndpointBreaker.class);
    // Failures count until a submission goes well; the library's own window of 10 s would forget slow ones.
    private static final Duration WINDOW = Duration.ofHours(1);

    private final Endpoint endpoint;
    private final CircuitBreaker breaker;
    private volatile long openedAt;

    EndpointBreaker(Vertx vertx, Endpoint endpoint, DeliveryObserver observer) {
        this.endpoint = endpoint;
        EndpointConfig config = endpoint.config();
        CircuitBreakerOptions options = new CircuitBreakerOptions()
                .setMaxFailures(config.breaker().failures())
                .setResetTimeout(config.breaker().reset().toMillis())
                .setTimeout(config.breakerTimeout().toMillis())
                .setMaxRetries(0)
                .setFallbackOnFailure(false)
                .setFailuresRollingWindow(WINDOW.toMillis())
                .setNotificationAddress(null);
        breaker = CircuitBreaker.create("delivery-" + endpoint.name(), vertx, options);
        breaker.openHandler(none -> {
            openedAt = System.nanoTime();
            observer.breaker(endpoint.name(), "open");
        });
        breaker.halfOpenHandler(none -> observer.breaker(endpoint.name(), "half_open"));
        breaker.closeHandler(none -> observer.breaker(endpoint.name(), "closed"));
    }

    /** What became of it; {@link Outcome#BreakerOpen} if it was not sent, {@link Outcome#NoAnswer} if it hangs. */
    Future<SubmissionResult> submit(Submission submission) {
        return breaker.execute(() -> attempt(submission)).recover(failure -> result(submission, failure));
    }

    /** Its state just now; any thread may ask. */
    BreakerState state() {
        return switch (breaker.state()) {
            case CLOSED -> BreakerState.CLOSED;
            case OPEN -> BreakerState.OPEN;
            case HALF_OPEN -> BreakerState.HALF_OPEN;
        };
    }

    /** Whether one more would be let through, beside so many that are under way. */
    boolean lets(int underWay) {
        return switch (breaker.state()) {
            case CLOSED -> true;
            case OPEN -> false;
            case HALF_OPEN -> underWay == 0;
        };
    }

    /** How long it stays open; zero if it is not. */
    Duration untilTrial() {
        if (breaker.state() != CircuitBreakerState.OPEN) {
            return Duration.ZERO;
        }
        Duration left = endpoint.config().breaker().reset().minusNanos(System.nanoTime() - openedAt);
        return left.isNegative() ? Duration.ZERO : left;
    }

    /** Whether it speaks against the endpoint: no event got an answer that means something. */
    static boolean isFailure(SubmissionResult result) {
        return result.events().stream().allMatch(event -> event.outcome().isEndpointFailure());
    }

    // The breaker's failure policy could call a result a failure, but then it fails with a cause of null and loses it.
    private Future<SubmissionResult> attempt(Submission submission) {
        return endpoint.adapter()
                .submit(submission)
                .compose(result -> isFailure(result)
                        ? Future.failedFuture(new EndpointFailed(result))
                        : Future.succeededFuture(result));
    }

    private Future<SubmissionResult> result(Submission submission, Throwable failure) {
        if (failure instanceof EndpointFailed failed) {
            return Future.succeededFuture(failed.result);
        }
        if (failure instanceof OpenCircuitException) {
            return Future.succeededFuture(SubmissionResult.ofAll(submission, Outcome.BreakerOpen, null, null));
        }
        if (failure instanceof TimeoutException) {
            return Future.succeededFuture(SubmissionResult.ofAll(
                    submission,
                    Outcome.NoAnswer,
                    null,
                    "given up after " + endpoint.config().breakerTimeout()));
        }
        // A defect: what was sent before it showed is not known.
        LOG.error("The adapter of {} failed", endpoint.name(), failure);
        return Future.succeededFuture(SubmissionResult.ofAll(
                submission, Outcome.NoAnswer, null, failure.getClass().getSimpleName()));
    }

    /** Carries a result past the breaker as a failure. */
    private static final class EndpointFailed extends RuntimeException {
        private final transient SubmissionResult result;

        EndpointFailed(SubmissionResult result) {
            super("The endpoint failed", null, false, false);
            this.result = result;
        }
    }
}
