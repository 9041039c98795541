package io.tallygate.deploy;

import io.tallygate.store.audit.Actor;
import io.tallygate.store.audit.AuditNote;
import io.tallygate.store.audit.AuditStore;
import io.tallygate.store.directory.TenantId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the gateway itself does, for the audit. It goes on while nobody can write that down: it is tried until it is. */
final class OwnNotes {
    private static final Logger LOG = LoggerFactory.getLogger(OwnNotes.class);
    private static final long RETRY_MILLIS = 10_000;

    private final Vertx vertx;
    private final AuditStore audit;
    private final TenantId operator;
    private volatile boolean stopped;

    /** Written as the operator's tenant. */
    OwnNotes(Vertx vertx, AuditStore audit, TenantId operator) {
        this.vertx = vertx;
        this.audit = audit;
        this.operator = operator;
    }

    /** Who does what the gateway does by itself. */
    Actor self() {
        return new Actor(operator.value(), "tallygate", "start");
    }

    /** Writes it, now or later; never fails. */
    Future<Void> write(String action, String detail) {
        AuditNote note = new AuditNote(self(), action, "gateway", null, detail);
        return audit.append(List.of(note)).recover(failure -> {
            LOG.warn("Could not put {} into the audit: will try again", action, failure);
            if (!stopped) {
                vertx.setTimer(RETRY_MILLIS, again -> write(action, detail));
            }
            return Future.succeededFuture();
        });
    }

    /** Tries no more. */
    void stop() {
        stopped = true;
    }
}
