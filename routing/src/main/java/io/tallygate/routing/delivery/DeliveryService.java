package io.tallygate.routing.delivery;

import io.tallygate.routing.commerce.Outcome;
import io.tallygate.routing.commerce.SubmissionResult;
import io.tallygate.routing.commerce.SubmissionResult.EventResult;
import io.tallygate.routing.delivery.Verdict.Circumstances;
import io.tallygate.store.Database;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Delivers to one endpoint: claims, sends, marks. Nothing of the database is held while the endpoint thinks. Whatever
 * fails on the way, an event stays pending under its key, and is due again when its lease ends.
 */
final class DeliveryService {
    private static final Duration BETWEEN_MARKS = Duration.ofSeconds(1);

    private final Vertx vertx;
    private final Endpoint endpoint;
    private final ClaimStore claims;
    private final MarkStore marks;
    private final EndpointBreaker breaker;
    private final Backoff backoff;
    private final DeliveryObserver observer;

    DeliveryService(
            Vertx vertx,
            Database database,
            Endpoint endpoint,
            EndpointBreaker breaker,
            Backoff backoff,
            DeliveryObserver observer) {
        this.vertx = vertx;
        this.endpoint = endpoint;
        this.claims = new ClaimStore(database, endpoint);
        this.marks = new MarkStore(database, endpoint.name());
        this.breaker = breaker;
        this.backoff = backoff;
        this.observer = observer;
    }

    /**
     * How a submission went.
     *
     * @param failed whether no event got an answer that means something, or others have all that is due: its payer rests
     *     for a while
     * @param throttled whether the endpoint wants less of us
     * @param wish how long the endpoint wants nothing at all
     */
    record Sent(boolean failed, boolean throttled, Optional<Duration> wish) {}

    /** Claims for the payer after the given one, without those that rest; empty if nothing is due. */
    Future<Optional<Claim>> claim(UUID after, Collection<UUID> resting) {
        return claims.claim(after, resting).onSuccess(claim -> claim.ifPresent(this::tellOfSetAside));
    }

    /** Gives a claim back that is not sent. */
    Future<Void> release(Claim claim) {
        return claim.events().isEmpty() ? Future.succeededFuture() : claims.release(claim);
    }

    /**
     * Sends a claim and marks what became of it. Marking is tried again until the lease ends; if that fails too, the
     * future fails, and the events are sent again under their keys.
     */
    Future<Sent> send(Claim claim) {
        if (claim.events().isEmpty()
                || leaseLeft(claim).compareTo(endpoint.config().breakerTimeout()) < 0) {
            boolean othersHaveAll = claim.events().isEmpty() && claim.setAside() == 0;
            return release(claim).map(done -> new Sent(othersHaveAll, false, Optional.empty()));
        }
        long began = System.nanoTime();
        return breaker.submit(claim.submission())
                .onSuccess(result -> observer.submitted(
                        endpoint.name(),
                        claim.id(),
                        claim.events().size(),
                        Duration.ofNanos(System.nanoTime() - began)))
                .compose(result -> marked(claim, result));
    }

    private Future<Sent> marked(Claim claim, SubmissionResult result) {
        List<Verdict> verdicts = verdicts(claim, result);
        return untilLeaseEnds(claim, verdicts).map(marked -> {
            tell(claim, verdicts, marked);
            return new Sent(
                    EndpointBreaker.isFailure(result),
                    result.events().stream().anyMatch(event -> event.outcome() == Outcome.Throttled),
                    result.retryAfter().map(Backoff::honoured));
        });
    }

    private List<Verdict> verdicts(Claim claim, SubmissionResult result) {
        Map<UUID, EventResult> results =
                result.events().stream().collect(Collectors.toMap(EventResult::key, event -> event, (one, two) -> one));
        Circumstances circumstances = new Circumstances(
                claim.events().size(), backoff, result.retryAfter().orElse(Duration.ZERO), breaker.untilTrial());
        List<Verdict> verdicts = new ArrayList<>();
        for (Claim.Leased event : claim.events()) {
            EventResult own = results.getOrDefault(
                    event.key(), new EventResult(event.key(), Outcome.Nonsense, null, "nothing was said of it"));
            verdicts.add(Verdict.of(event, own, circumstances));
        }
        return verdicts;
    }

    private Future<MarkStore.Marked> untilLeaseEnds(Claim claim, List<Verdict> verdicts) {
        return marks.mark(claim, verdicts)
                .recover(failure -> leaseLeft(claim).compareTo(BETWEEN_MARKS) > 0
                        ? vertx.timer(BETWEEN_MARKS.toMillis(), TimeUnit.MILLISECONDS)
                                .compose(waited -> untilLeaseEnds(claim, verdicts))
                        : Future.failedFuture(failure));
    }

    private Duration leaseLeft(Claim claim) {
        return endpoint.config().lease().minusNanos(System.nanoTime() - claim.began());
    }

    private void tellOfSetAside(Claim claim) {
        if (claim.setAside() > 0) {
            observer.setAside(endpoint.name(), EventWords.OUTCOME_UNKNOWN, claim.setAside());
        }
    }

    private static String detail(List<Verdict> verdicts, Outcome outcome) {
        return verdicts.stream()
                .map(Verdict::result)
                .filter(result -> result.outcome() == outcome && result.detail() != null)
                .map(SubmissionResult.EventResult::detail)
                .findFirst()
                .orElse(null);
    }

    private void tell(Claim claim, List<Verdict> verdicts, MarkStore.Marked marked) {
        counted(verdicts, verdict -> verdict.result().outcome())
                .forEach((outcome, events) ->
                        observer.attempted(endpoint.name(), outcome, events.intValue(), detail(verdicts, outcome)));
        List<Verdict> dead = verdicts.stream()
                .filter(verdict -> verdict.reason() != null)
                .filter(verdict -> !marked.fenced().contains(verdict.event().key()))
                .toList();
        counted(dead, Verdict::reason)
                .forEach((reason, events) -> observer.setAside(endpoint.name(), reason, events.intValue()));
        if (!marked.fenced().isEmpty()) {
            observer.fenced(endpoint.name(), marked.fenced().size());
        }
        if (marked.held() != null) {
            observer.held(endpoint.name(), claim.payer(), marked.held());
        }
        if (marked.pausedUntil() != null) {
            observer.paused(endpoint.name(), marked.pausedUntil(), Outcome.Unauthorized.name());
        }
    }

    private static <K> Map<K, Long> counted(List<Verdict> verdicts, Function<Verdict, K> key) {
        return verdicts.stream().collect(Collectors.groupingBy(key, Collectors.counting()));
    }
}
