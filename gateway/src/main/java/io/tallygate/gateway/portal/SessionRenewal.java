package io.tallygate.gateway.portal;

import io.tallygate.gateway.auth.Caller;
import io.tallygate.gateway.http.ApiError;
import io.tallygate.gateway.http.ApiException;
import io.tallygate.gateway.http.RefusalReason;
import io.tallygate.store.StoreBusyException;
import io.tallygate.store.StoreUnavailableException;
import io.tallygate.store.access.PortalSession;
import io.tallygate.store.access.PortalSessionStore;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.time.Clock;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives sessions new access tokens before the old ones end. A refresh token is used once: requests of the same session wait for
 * the same answer, and other gateways for the lock of its row.
 */
final class SessionRenewal {
    private static final Logger LOG = LoggerFactory.getLogger(SessionRenewal.class);
    // Each holds a connection to the database while the issuer thinks.
    private static final int MOST_AT_ONCE = 2;

    private final PortalSessionStore store;
    private final PortalSecrets secrets;
    private final OpenIdProvider provider;
    private final Function<String, Future<Caller>> tokens;
    private final Clock clock;
    private final Consumer<PortalEvent> observer;
    private final ConcurrentMap<Buffer, Future<PortalSession>> underWay = new ConcurrentHashMap<>();
    private final AtomicInteger places = new AtomicInteger(MOST_AT_ONCE);

    SessionRenewal(
            PortalSessionStore store,
            PortalSecrets secrets,
            OpenIdProvider provider,
            Function<String, Future<Caller>> tokens,
            Clock clock,
            Consumer<PortalEvent> observer) {
        this.store = store;
        this.secrets = secrets;
        this.provider = provider;
        this.tokens = tokens;
        this.clock = clock;
        this.observer = observer;
    }

    /**
     * The session with a token that is good for a while; or, while its issuer or a place is away, with one that is good still.
     * Fails with an {@link ApiException}: 401 if the issuer does not renew it, 429 or 503 if it cannot be done now.
     */
    Future<PortalSession> fresh(PortalSession session) {
        if (!isDue(session)) {
            return Future.succeededFuture(session);
        }
        boolean good = clock.instant().isBefore(session.tokens().expireAt());
        return joined(session, !good)
                .recover(failure ->
                        good && !isRefusal(failure) ? Future.succeededFuture(session) : Future.failedFuture(failure));
    }

    private boolean isDue(PortalSession session) {
        return !clock.instant().isBefore(session.tokens().renewAt());
    }

    private static boolean isRefusal(Throwable failure) {
        return failure instanceof ApiException refusal && refusal.error() == ApiError.SessionExpired;
    }

    private Future<PortalSession> joined(PortalSession session, boolean wait) {
        Promise<PortalSession> mine = Promise.promise();
        Future<PortalSession> others = underWay.putIfAbsent(session.hash(), mine.future());
        if (others != null) {
            return others;
        }
        renew(session, wait).onComplete(done -> {
            underWay.remove(session.hash());
            mine.handle(done);
        });
        return mine.future();
    }

    private Future<PortalSession> renew(PortalSession session, boolean wait) {
        if (places.getAndUpdate(free -> Math.max(0, free - 1)) == 0) {
            return Future.failedFuture(ApiError.TooManyRequests.because(
                    RefusalReason.BUSY, "Too many sessions are renewed at this moment: ask again shortly"));
        }
        return store.renew(session.hash(), wait, this::unlessDone)
                .onComplete(done -> places.incrementAndGet())
                .compose(renewed -> present(session, renewed, wait))
                .recover(failure -> failed(session, failure));
    }

    // Without waiting, null says that another gateway is at it; after waiting, that the session is gone.
    private static Future<PortalSession> present(PortalSession session, PortalSession renewed, boolean wait) {
        if (renewed != null) {
            return Future.succeededFuture(renewed);
        }
        return wait ? Future.failedFuture(SessionVerifier.over()) : Future.succeededFuture(session);
    }

    // Another gateway may have done it before the row was ours.
    private Future<PortalSession.Tokens> unlessDone(PortalSession session) {
        if (!isDue(session)) {
            return Future.succeededFuture();
        }
        SessionTokens old = SessionTokens.open(secrets, session).orElseThrow(SessionVerifier::over);
        return old.refresh()
                .map(token -> provider.renew(token)
                        .map(old::renewed)
                        .compose(renewed -> verified(session, renewed))
                        .map(renewed -> renewed.seal(secrets, session.hash(), clock.instant()))
                        .onSuccess(made -> observer.accept(PortalEvent.RENEWED)))
                .orElseGet(() -> withoutRefresh(session));
    }

    private Future<PortalSession.Tokens> withoutRefresh(PortalSession session) {
        return clock.instant().isBefore(session.tokens().expireAt())
                ? Future.succeededFuture()
                : Future.failedFuture(new OpenIdProvider.RefusedException("There is no refresh token"));
    }

    private Future<SessionTokens> verified(PortalSession session, SessionTokens renewed) {
        return tokens.apply(renewed.access())
                .recover(failure -> Future.failedFuture(isUnauthorized(failure) ? refused(failure) : failure))
                .map(caller -> {
                    if (!caller.tenantId().equals(session.tenant())
                            || !caller.subject().equals(session.subject())) {
                        throw new OpenIdProvider.RefusedException("The new access token is another caller's");
                    }
                    return renewed;
                });
    }

    private static boolean isUnauthorized(Throwable failure) {
        return failure instanceof ApiException refusal && refusal.error() == ApiError.InvalidAuthenticationToken;
    }

    private static RuntimeException refused(Throwable failure) {
        return new OpenIdProvider.RefusedException(failure.getMessage());
    }

    private Future<PortalSession> failed(PortalSession session, Throwable failure) {
        if (failure instanceof ApiException) {
            return Future.failedFuture(failure);
        }
        if (failure instanceof OpenIdProvider.RefusedException) {
            observer.accept(PortalEvent.RENEWAL_FAILED);
            LOG.info("A session of tenant {} ends: {}", session.tenant(), failure.getMessage());
            ApiException refusal = ApiError.SessionExpired.because(
                    RefusalReason.SESSION_NOT_RENEWED,
                    "The session is over: its issuer does not renew it. Sign in again.");
            return store.remove(session.hash()).transform(removed -> Future.failedFuture(refusal));
        }
        if (failure instanceof StoreBusyException || failure instanceof StoreUnavailableException) {
            return Future.failedFuture(failure);
        }
        observer.accept(PortalEvent.RENEWAL_FAILED);
        LOG.warn("A session could not be renewed: {}", failure.getMessage());
        return Future.failedFuture(
                ApiError.ServiceUnavailable.because("Who signed you in does not answer: ask again shortly"));
    }
}
