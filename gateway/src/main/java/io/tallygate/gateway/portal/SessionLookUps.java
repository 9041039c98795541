package io.tallygate.gateway.portal;

import io.tallygate.gateway.auth.JoinedLookUps;
import io.tallygate.gateway.http.ApiError;
import io.tallygate.gateway.http.RefusalReason;
import io.tallygate.store.Places;
import io.tallygate.store.access.PortalSession;
import io.tallygate.store.access.PortalSessionStore;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads sessions for requests: few at a time, the others wait; who asks for the same one meanwhile gets the same answer. It is
 * before all bounds on requests: who has sessions must not take the connections of those inside.
 */
final class SessionLookUps {
    private static final Logger LOG = LoggerFactory.getLogger(SessionLookUps.class);
    private static final int MOST_LOOK_UPS = 4;
    private static final int MOST_WAITING = 50;
    private static final int MOST_NOTES = 2;

    private final PortalSessionStore store;
    private final JoinedLookUps<Buffer, PortalSession> lookUps = new JoinedLookUps<>();
    private final Queue<Promise<Void>> line = new ConcurrentLinkedQueue<>();
    private final Places lookingUp = new Places(MOST_LOOK_UPS);
    private final Places waiting = new Places(MOST_WAITING);
    private final Places noting = new Places(MOST_NOTES);

    SessionLookUps(PortalSessionStore store) {
        this.store = store;
    }

    /**
     * The session, whose use is noted. Fails with an {@link io.tallygate.gateway.http.ApiException}: 401 if it is over, 429 if too
     * many are looked for already. Other failures are the store's.
     */
    Future<PortalSession> find(Buffer hash) {
        return lookUps.find(hash, this::lookUp);
    }

    private Future<PortalSession> lookUp(Buffer hash) {
        return place().compose(placed -> store.find(hash).onComplete(done -> leave()))
                .map(this::used);
    }

    private PortalSession used(PortalSession found) {
        if (found == null) {
            throw SessionVerifier.over();
        }
        noteUse(found);
        return found;
    }

    // Beside the request, which does not wait for it. What there is no place for is noted at a later use.
    private void noteUse(PortalSession session) {
        if (session.useIsNews() && noting.take()) {
            store.used(session.hash())
                    .onComplete(done -> noting.leave())
                    .onFailure(failure -> LOG.info("The use of a session was not noted: {}", failure.getMessage()));
        }
    }

    private Future<Void> place() {
        if (lookingUp.take()) {
            return Future.succeededFuture();
        }
        if (!waiting.take()) {
            return Future.failedFuture(ApiError.TooManyRequests.because(
                    RefusalReason.BUSY, "Too many sessions are looked for at this moment: ask again shortly"));
        }
        Promise<Void> turn = Promise.promise();
        line.add(turn);
        callNext();
        return turn.future();
    }

    private void leave() {
        lookingUp.leave();
        callNext();
    }

    // Whoever frees a place or comes into the line looks for both: between them nobody is forgotten.
    private void callNext() {
        while (!line.isEmpty() && lookingUp.take()) {
            Promise<Void> next = line.poll();
            if (next == null) {
                lookingUp.leave();
            } else {
                waiting.leave();
                next.complete();
            }
        }
    }
}
