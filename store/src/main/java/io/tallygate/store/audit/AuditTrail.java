package io.tallygate.store.audit;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;

/** The append-only account of who changed what. An entry is written in the transaction of its change. */
public final class AuditTrail {
    private static final String APPEND = """
            insert into audit_entry (tenant_id, subject, action, target, reason, detail, correlation_id)
            values ($1, $2, $3, $4, $5, $6, $7)""";

    private AuditTrail() {}

    /**
     * Appends an entry.
     *
     * @param action what was done, as {@code windows.seal}
     * @param target what it was done to
     * @param reason the caller's words, or null
     * @param detail JSON: what was before and what is after
     */
    public static Future<Void> append(
            SqlConnection transaction, Actor actor, String action, String target, String reason, String detail) {
        return transaction
                .preparedQuery(APPEND)
                .execute(Tuple.of(
                        actor.tenant(), actor.subject(), action, target, reason, detail, actor.correlationId()))
                .mapEmpty();
    }
}
