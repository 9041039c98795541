package io.tallygate.deploy;

import io.tallygate.routing.commerce.Outcome;
import io.tallygate.routing.delivery.DeliveryObserver;
import io.tallygate.store.directory.SubscriptionId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Tells several observers. */
record DeliveryObservers(List<DeliveryObserver> observers) implements DeliveryObserver {
    @Override
    public void composed(String endpoint, int events) {
        observers.forEach(each -> each.composed(endpoint, events));
    }

    @Override
    public void submitted(String endpoint, UUID submission, int events, Duration took) {
        observers.forEach(each -> each.submitted(endpoint, submission, events, took));
    }

    @Override
    public void attempted(String endpoint, Outcome outcome, int events, String detail) {
        observers.forEach(each -> each.attempted(endpoint, outcome, events, detail));
    }

    @Override
    public void fenced(String endpoint, int events) {
        observers.forEach(each -> each.fenced(endpoint, events));
    }

    @Override
    public void setAside(String endpoint, String reason, int events) {
        observers.forEach(each -> each.setAside(endpoint, reason, events));
    }

    @Override
    public void breaker(String endpoint, String state) {
        observers.forEach(each -> each.breaker(endpoint, state));
    }

    @Override
    public void paused(String endpoint, Instant until, String reason) {
        observers.forEach(each -> each.paused(endpoint, until, reason));
    }

    @Override
    public void held(String endpoint, SubscriptionId payer, String reason) {
        observers.forEach(each -> each.held(endpoint, payer, reason));
    }

    @Override
    public void expiring(String endpoint, int events, Duration left) {
        observers.forEach(each -> each.expiring(endpoint, events, left));
    }
}
