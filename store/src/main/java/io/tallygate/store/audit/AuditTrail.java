package io.tallygate.store.audit;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.HexFormat;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The append-only account of who changed what: a chain in which each entry has the hash of the one before it. An entry is
 * written in the transaction of its change, as its last statement: the chain's head is locked from then on.
 */
public final class AuditTrail {
    private static final Logger LOG = LoggerFactory.getLogger(AuditTrail.class);
    private static final String APPEND =
            "select ended_day, ended_id, ended_hash from append_audit($1, $2, $3, $4, $5, $6, $7)";

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
        return append(transaction, List.of(new AuditNote(actor, action, target, reason, detail)));
    }

    /** Appends entries in this order. */
    static Future<Void> append(SqlConnection transaction, List<AuditNote> notes) {
        return transaction
                .preparedQuery(APPEND)
                .executeBatch(notes.stream().map(AuditTrail::columns).toList())
                .map(AuditTrail::logEndedDay);
    }

    private static Tuple columns(AuditNote note) {
        return Tuple.of(
                note.actor().tenant(),
                note.actor().subject(),
                note.action(),
                note.target(),
                note.reason(),
                note.detail(),
                note.actor().correlationId());
    }

    // A log that is kept elsewhere shows what was cut off at the chain's end, which the chain itself cannot.
    private static Void logEndedDay(RowSet<Row> appended) {
        for (RowSet<Row> rows = appended; rows != null; rows = rows.next()) {
            rows.forEach(row -> {
                if (row.getLocalDate("ended_day") != null) {
                    LOG.info(
                            "The audit's head of {}: {} {}",
                            row.getLocalDate("ended_day"),
                            row.getLong("ended_id"),
                            HexFormat.of().formatHex(row.getBuffer("ended_hash").getBytes()));
                }
            });
        }
        return null;
    }
}
