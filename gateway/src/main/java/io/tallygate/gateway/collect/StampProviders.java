package io.tallygate.gateway.collect;

import io.tallygate.store.directory.SubscriptionId;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * The provider subscriptions of a stamp under which its usage is asked for: the operator's, then the delegated ones, which
 * are those that have a direct tenant. They are read anew for usage of a time after they were last asked for. Safe for several
 * threads.
 */
final class StampProviders {
    private final SubscriptionId operator;
    private final Supplier<Future<List<SourceSubscription>>> listing;
    private final Clock clock;
    private Known known;
    private Future<Known> reading;

    /**
     * What was known at a time.
     *
     * @param asOf when they were asked for
     * @param inOrder the operator's first, without those that are left out
     */
    record Known(Instant asOf, List<SubscriptionId> inOrder) {
        /** The same for the same providers, and for no others. */
        String name() {
            return UUID.nameUUIDFromBytes(inOrder.toString().getBytes(StandardCharsets.UTF_8))
                    .toString();
        }
    }

    /** Those of the stamp whose subscriptions the listing gives. */
    StampProviders(SubscriptionId operator, Supplier<Future<List<SourceSubscription>>> listing, Clock clock) {
        this.operator = operator;
        this.listing = listing;
        this.clock = clock;
    }

    /** The providers, asked for at that time or later. */
    synchronized Future<Known> asOf(Instant time) {
        if (known != null && !known.asOf().isBefore(time)) {
            return Future.succeededFuture(known);
        }
        if (reading == null) {
            // Its listeners may come at once, but only when it is assigned may it be forgotten.
            Future<Known> asked = read(clock.instant());
            reading = asked;
            asked.onComplete(done -> forget(asked));
            return asked;
        }
        return reading;
    }

    private Future<Known> read(Instant asOf) {
        return listing.get().map(all -> keep(asOf, all));
    }

    /** Takes note of a listing that was asked for at that time. */
    synchronized Known keep(Instant asOf, List<SourceSubscription> all) {
        List<SubscriptionId> inOrder = new ArrayList<>(List.of(operator));
        all.stream()
                .map(SourceSubscription::provider)
                .filter(provider -> !provider.equals(operator))
                .distinct()
                .sorted((one, other) -> one.value().compareTo(other.value()))
                .forEach(inOrder::add);
        known = new Known(asOf, List.copyOf(inOrder));
        return known;
    }

    private synchronized void forget(Future<Known> asked) {
        if (reading == asked) {
            reading = null;
        }
    }
}
