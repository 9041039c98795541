package io.tallygate.gateway.audit;

import io.tallygate.gateway.audit.RefusalSums.Who;
import io.tallygate.store.audit.Actor;
import io.tallygate.store.audit.AuditNote;
import io.tallygate.store.audit.AuditStore;
import io.tallygate.store.directory.TenantId;
import io.vertx.core.Future;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts the sums of what was refused into the audit: an entry for each caller, all in one transaction. */
public final class RefusalAccount {
    private static final Logger LOG = LoggerFactory.getLogger(RefusalAccount.class);
    private static final String ACTION = "access.refused";
    private static final String TARGET = "gateway";

    private final RefusalSums sums;
    private final AuditStore audit;
    private final TenantId operator;
    private volatile Future<Void> writing = Future.succeededFuture();

    /**
     * Writes what these sums have.
     *
     * @param operator who sees the sums that are no tenant's
     */
    public RefusalAccount(RefusalSums sums, AuditStore audit, TenantId operator) {
        this.sums = sums;
        this.audit = audit;
        this.operator = operator;
    }

    /**
     * Writes what was summed up since the last time; nothing while it still writes. What cannot be written is kept for the
     * next time: if only the answer was lost, it is counted twice rather than not at all. Called by one thread at a time.
     */
    public Future<Void> write() {
        if (!writing.isComplete()) {
            return writing;
        }
        List<RefusalSum> taken = sums.take();
        if (taken.isEmpty()) {
            return Future.succeededFuture();
        }
        writing = audit.append(taken.stream().map(this::note).toList()).recover(failure -> {
            LOG.warn("Could not put refusals into the audit: will try again", failure);
            sums.putBack(taken);
            return Future.succeededFuture();
        });
        return writing;
    }

    // An id of its own for each: a tenant's pages go on by it.
    private AuditNote note(RefusalSum sum) {
        Who who = sum.who();
        UUID tenant = who.tenant() == null ? operator.value() : who.tenant();
        Actor actor = new Actor(tenant, who.subject(), UUID.randomUUID().toString());
        return new AuditNote(actor, ACTION, TARGET, null, sum.detail());
    }
}
