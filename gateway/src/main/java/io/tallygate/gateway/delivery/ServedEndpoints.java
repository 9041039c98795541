package io.tallygate.gateway.delivery;

import io.tallygate.routing.delivery.BreakerState;
import java.util.Optional;

/** What this gateway knows by itself of the endpoints that it delivers to; others may know something else. */
public interface ServedEndpoints {
    /** None at all. */
    ServedEndpoints NONE = new ServedEndpoints() {
        @Override
        public boolean acceptsNegative(String endpoint) {
            return false;
        }

        @Override
        public Optional<BreakerState> breaker(String endpoint) {
            return Optional.empty();
        }
    };

    /** Whether the endpoint of this name takes negative quantities; not if it is not served. */
    boolean acceptsNegative(String endpoint);

    /** This gateway's circuit breaker of the endpoint; empty if it is not served. */
    Optional<BreakerState> breaker(String endpoint);
}
