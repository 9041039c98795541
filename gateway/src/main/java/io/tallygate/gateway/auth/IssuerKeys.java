package io.tallygate.gateway.auth;

import io.tallygate.gateway.http.ApiError;
import io.tallygate.gateway.http.RefusalReason;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The current keys of one issuer. The last good set is kept while the issuer is away, up to a maximum age; a set that
 * cannot be used never replaces it. One fetch is under way at a time, strangers' tokens cause at most one in an
 * interval, and only so many wait for it.
 *
 * <p>All changes happen on one Vert.x context; {@link #keysFor} may be called on any thread.
 */
final class IssuerKeys implements IssuerState {
    private static final Logger LOG = LoggerFactory.getLogger(IssuerKeys.class);
    /** Before the first good set nobody can sign in, so it is tried more often. */
    private static final Duration FIRST_RETRY = Duration.ofSeconds(5);
    /** Each holds a request of somebody who is not known yet, for as long as an issuer takes that hangs. */
    static final int MAX_WAITING = 1_000;

    private final String issuer;
    private final Vertx vertx;
    private final Context context;
    private final AuthConfig config;
    private final Clock clock;
    private final Supplier<Future<List<VerificationKey>>> source;

    private volatile KeySet current;
    private volatile String lastProblem = "no keys were fetched yet";
    private volatile Instant failingSince;
    private volatile Future<Void> flight;
    private volatile Instant lastAttempt;
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicLong fetches = new AtomicLong();
    private final AtomicLong failedFetches = new AtomicLong();

    /**
     * @param issuer its name, for messages
     * @param source fetches its usable keys, or fails; called on this object's context
     */
    IssuerKeys(
            String issuer,
            Vertx vertx,
            AuthConfig config,
            Clock clock,
            Supplier<Future<List<VerificationKey>>> source) {
        this.issuer = issuer;
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.config = config;
        this.clock = clock;
        this.source = source;
    }

    /**
     * The keys to verify the token with. An unknown key id may cause a fetch; if the issuer does not publish it, the
     * future fails with a 401, and if there are no usable keys at all, with a 503: that is not the caller's fault.
     * While too many wait for a fetch, it is a 429.
     */
    Future<KeySet> keysFor(Token token) {
        Optional<KeySet> keys = knowing(token);
        if (keys.isPresent()) {
            return Future.succeededFuture(keys.get());
        }
        if (wasTriedLately()) {
            return decide(token);
        }
        if (waiting.incrementAndGet() > MAX_WAITING) {
            waiting.decrementAndGet();
            return Future.failedFuture(ApiError.TooManyRequests.because(
                    RefusalReason.KEYS_AWAITED, "Too many wait for the keys of the token's issuer: ask again shortly"));
        }
        return onContext(() -> fetchFor(token))
                .onComplete(done -> waiting.decrementAndGet())
                .compose(done -> decide(token));
    }

    // A flood of made-up key ids must not queue up for this object's thread. What is read here is written in the other
    // order: whoever sees that no fetch is under way also sees the keys that the last one brought.
    private boolean wasTriedLately() {
        Instant last = lastAttempt;
        return last != null && flight == null && !elapsed(last, config.unknownKeyInterval());
    }

    // A fetch may have landed since the caller asked: one who waited for this thread meanwhile needs no other.
    private Future<Void> fetchFor(Token token) {
        return knowing(token).isPresent() ? Future.succeededFuture() : fetchUnlessTried(config.unknownKeyInterval());
    }

    private Optional<KeySet> knowing(Token token) {
        return usable().filter(set -> set.has(token));
    }

    /** Fetches now, or joins the fetch under way; a failure is remembered, not returned. */
    Future<Void> refresh() {
        return onContext(this::fetch);
    }

    /** Fetches if it is time to: to be called about every second. */
    Future<Void> tick() {
        return onContext(() -> {
            if (current == null) {
                return fetchUnlessTried(FIRST_RETRY);
            }
            return elapsed(current.fetchedAt(), config.keyRefresh())
                    ? fetchUnlessTried(config.unknownKeyInterval())
                    : Future.succeededFuture();
        });
    }

    @Override
    public String issuer() {
        return issuer;
    }

    @Override
    public Optional<Duration> keysAge() {
        return Optional.ofNullable(current).map(set -> Duration.between(set.fetchedAt(), clock.instant()));
    }

    @Override
    public long fetches() {
        return fetches.get();
    }

    @Override
    public long failedFetches() {
        return failedFetches.get();
    }

    @Override
    public Optional<String> problem() {
        return usable().isPresent() ? Optional.empty() : Optional.of(issuer + ": " + lastProblem);
    }

    @Override
    public Optional<String> warning() {
        Instant since = failingSince;
        return since == null
                ? Optional.empty()
                : usable().map(set ->
                        issuer + ": " + lastProblem + "; since " + since + " no new keys were had, those of "
                                + set.fetchedAt() + " are used until "
                                + set.fetchedAt().plus(config.keyMaxAge()));
    }

    private Future<KeySet> decide(Token token) {
        Optional<KeySet> keys = usable();
        if (keys.isEmpty()) {
            return Future.failedFuture(
                    ApiError.ServiceUnavailable.because("The keys of the token's issuer cannot be had now."));
        }
        return keys.filter(set -> set.has(token))
                .map(Future::succeededFuture)
                .orElseGet(() -> Future.failedFuture(
                        Token.refused(RefusalReason.UNKNOWN_KEY, "its issuer publishes no such key")));
    }

    private Optional<KeySet> usable() {
        return Optional.ofNullable(current).filter(set -> !elapsed(set.fetchedAt(), config.keyMaxAge()));
    }

    private Future<Void> fetchUnlessTried(Duration lately) {
        if (flight != null) {
            return flight;
        }
        boolean tried = lastAttempt != null && !elapsed(lastAttempt, lately);
        return tried ? Future.succeededFuture() : fetch();
    }

    private Future<Void> fetch() {
        if (flight == null) {
            // A source that throws must fail the flight, or nothing would ever be fetched again.
            Future<KeySet> fetched = Future.succeededFuture()
                    .compose(start -> source.get())
                    .compose(keys -> KeySet.of(vertx, keys, clock.instant()));
            Promise<Void> landed = Promise.promise();
            flight = landed.future();
            lastAttempt = clock.instant();
            fetches.incrementAndGet();
            fetched.onComplete(result -> land(result, landed));
        }
        return landing();
    }

    private Future<Void> landing() {
        return flight == null ? Future.succeededFuture() : flight;
    }

    private void land(AsyncResult<KeySet> result, Promise<Void> landed) {
        if (result.succeeded()) {
            current = result.result();
            failingSince = null;
            lastProblem = "its keys are older than " + config.keyMaxAge();
            LOG.debug("Fetched the keys of {}", issuer);
        } else {
            String problem = String.valueOf(result.cause().getMessage());
            if (!problem.equals(lastProblem)) {
                LOG.warn("Could not fetch the keys of {}: {}", issuer, problem);
            }
            lastProblem = problem;
            failedFetches.incrementAndGet();
            failingSince = failingSince == null ? clock.instant() : failingSince;
        }
        flight = null;
        landed.complete();
    }

    /** A clock that was set back counts as elapsed: one fetch too many, instead of none for that long. */
    private boolean elapsed(Instant since, Duration duration) {
        Instant now = clock.instant();
        return now.isBefore(since.minus(duration)) || !now.isBefore(since.plus(duration));
    }

    private Future<Void> onContext(Supplier<Future<Void>> action) {
        Promise<Void> done = Promise.promise();
        context.runOnContext(now -> action.get().onComplete(done));
        return done.future();
    }
}
