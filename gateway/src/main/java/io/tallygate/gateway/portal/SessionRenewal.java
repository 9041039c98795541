package io.tallygate.gateway.portal;

import io.tallygate.gateway.auth.JoinedLookUps;
import io.tallygate.gateway.http.ApiError;
import io.tallygate.gateway.http.ApiException;
import io.tallygate.gateway.http.RefusalReason;
import io.tallygate.routing.trace.TraceContext;
import io.tallygate.store.Places;
import io.tallygate.store.StoreBusyException;
import io.tallygate.store.StoreUnavailableException;
import io.tallygate.store.access.PortalSession;
import io.tallygate.store.access.PortalSessionStore;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
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
    private static final Duration PAUSE = Duration.ofSeconds(30);

    private final PortalSessionStore store;
    private final PortalSecrets secrets;
    private final OpenIdProvider provider;
    private final Clock clock;
    private final Consumer<PortalEvent> observer;
    private final JoinedLookUps<Buffer, PortalSession> renewals = new JoinedLookUps<>();
    private final Set<Buffer> besides = ConcurrentHashMap.newKeySet();
    private final Places places = new Places(MOST_AT_ONCE);
    // Where the issuer is away; of those alone who can wait.
    private volatile Instant pausedUntil = Instant.MIN;

    SessionRenewal(
            PortalSessionStore store,
            PortalSecrets secrets,
            OpenIdProvider provider,
            Clock clock,
            Consumer<PortalEvent> observer) {
        this.store = store;
        this.secrets = secrets;
        this.provider = provider;
        this.clock = clock;
        this.observer = observer;
    }

    /**
     * The session with a token that is good: one that will not be for long is renewed beside the request, which does not wait.
     * Fails with an {@link ApiException}: 401 if the issuer does not renew it, 429 or 503 if it cannot be done now.
     *
     * @param trace of the request that needs it
     */
    Future<PortalSession> fresh(PortalSession session, Optional<TraceContext> trace) {
        if (!isDue(session)) {
            return Future.succeededFuture(session);
        }
        if (!clock.instant().isBefore(session.tokens().expireAt())) {
            return renewals.find(session.hash(), hash -> renew(session, true, trace));
        }
        renewBeside(session, trace);
        return Future.succeededFuture(session);
    }

    private void renewBeside(PortalSession session, Optional<TraceContext> trace) {
        if (clock.instant().isBefore(pausedUntil) || !besides.add(session.hash())) {
            return;
        }
        renew(session, false, trace)
                .onComplete(done -> besides.remove(session.hash()))
                .onFailure(failure -> LOG.debug("A session is renewed later: {}", failure.getMessage()));
    }

    private boolean isDue(PortalSession session) {
        return !clock.instant().isBefore(session.tokens().renewAt());
    }

    private Future<PortalSession> renew(PortalSession session, boolean wait, Optional<TraceContext> trace) {
        // Who can wait leaves a place to who cannot.
        if (!places.takeLeaving(wait ? 0 : 1)) {
            return Future.failedFuture(ApiError.TooManyRequests.because(
                    RefusalReason.BUSY, "Too many sessions are renewed at this moment: ask again shortly"));
        }
        return Future.succeededFuture(session.hash())
                .compose(hash -> store.renew(hash, wait, locked -> unlessDone(locked, trace)))
                .onComplete(done -> places.leave())
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
    private Future<PortalSession.Tokens> unlessDone(PortalSession session, Optional<TraceContext> trace) {
        if (!isDue(session)) {
            return Future.succeededFuture();
        }
        SessionTokens old = SessionTokens.open(secrets, session).orElseThrow(SessionVerifier::over);
        return old.refresh()
                .map(token -> provider.renew(token, trace)
                        .map(old::renewed)
                        // Stored as it is, since the old refresh token is spent; each request verifies the access
                        // token.
                        .map(renewed -> renewed.seal(secrets, session.hash(), clock.instant()))
                        .onSuccess(made -> observer.accept(PortalEvent.RENEWED)))
                .orElseGet(() -> withoutRefresh(session));
    }

    private Future<PortalSession.Tokens> withoutRefresh(PortalSession session) {
        return clock.instant().isBefore(session.tokens().expireAt())
                ? Future.succeededFuture()
                : Future.failedFuture(new OpenIdProvider.RefusedException("There is no refresh token"));
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
        pausedUntil = clock.instant().plus(PAUSE);
        LOG.warn("A session could not be renewed: {}", failure.getMessage());
        return Future.failedFuture(
                ApiError.ServiceUnavailable.because("Who signed you in does not answer: ask again shortly"));
    }
}
