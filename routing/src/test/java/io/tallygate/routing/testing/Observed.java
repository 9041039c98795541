package io.tallygate.routing.testing;

import io.tallygate.routing.commerce.Outcome;
import io.tallygate.routing.delivery.DeliveryObserver;
import io.tallygate.store.directory.SubscriptionId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what it is told, as lines. */
public final class Observed implements DeliveryObserver {
    public final List<String> lines = new CopyOnWriteArrayList<>();

    @Override
    public void composed(String endpoint, int events) {
        lines.add("composed " + events);
    }

    /** Every submission has outcomes: their lines say enough. */
    @Override
    public void submitted(String endpoint, UUID submission, int events, Duration took) {}

    @Override
    public void attempted(String endpoint, Outcome outcome, int events, String detail) {
        lines.add("attempted " + outcome + " " + events);
    }

    @Override
    public void fenced(String endpoint, int events) {
        lines.add("fenced " + events);
    }

    @Override
    public void setAside(String endpoint, String reason, int events) {
        lines.add("setAside " + reason + " " + events);
    }

    @Override
    public void breaker(String endpoint, String state) {
        lines.add("breaker " + state);
    }

    @Override
    public void paused(String endpoint, Instant until, String reason) {
        lines.add("paused " + reason);
    }

    @Override
    public void held(String endpoint, SubscriptionId payer, String reason) {
        lines.add("held " + payer + " " + reason);
    }

    @Override
    public void expiring(String endpoint, int events, Duration left) {
        lines.add("expiring " + events + " " + left.toHours() + "h");
    }
}
