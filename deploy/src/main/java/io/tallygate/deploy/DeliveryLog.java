package io.tallygate.deploy;

import io.tallygate.routing.commerce.Disposition;
import io.tallygate.routing.commerce.Outcome;
import io.tallygate.routing.delivery.DeliveryObserver;
import io.tallygate.store.directory.SubscriptionId;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes to the log what somebody should know about delivery, or may want to know when searching. */
final class DeliveryLog implements DeliveryObserver {
    private static final Logger LOG = LoggerFactory.getLogger("io.tallygate.delivery");

    @Override
    public void composed(String endpoint, int events) {
        LOG.debug("{}: {} events composed", endpoint, events);
    }

    @Override
    public void attempted(String endpoint, Outcome outcome, int events) {
        if (outcome.disposition() == Disposition.DELIVERED) {
            LOG.debug("{}: {} events: {}", endpoint, events, outcome);
        } else {
            LOG.info("{}: {} events: {}, {}", endpoint, events, outcome, outcome.when());
        }
    }

    @Override
    public void fenced(String endpoint, int events) {
        LOG.warn("{}: answers for {} events came after another gateway had taken them over", endpoint, events);
    }

    @Override
    public void setAside(String endpoint, String reason, int events) {
        LOG.warn("{}: {} events are set aside and need an operator: {}", endpoint, events, reason);
    }

    @Override
    public void breaker(String endpoint, String state) {
        LOG.warn("{}: the breaker is {}", endpoint, state);
    }

    @Override
    public void paused(String endpoint, Instant until, String reason) {
        LOG.warn("{}: paused until {}: {}", endpoint, until, reason);
    }

    @Override
    public void held(String endpoint, SubscriptionId payer, String reason) {
        LOG.warn("{}: nothing is sent for the payer {} until it is resumed: {}", endpoint, payer, reason);
    }

    @Override
    public void expiring(String endpoint, int events, Duration left) {
        LOG.warn("{}: {} events are old; the oldest is not taken any more in {}", endpoint, events, left);
    }
}
