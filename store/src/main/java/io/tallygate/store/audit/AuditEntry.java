package io.tallygate.store.audit;

import io.tallygate.store.Rows;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.UUID;

/**
 * An entry of the audit.
 *
 * @param id its place in the chain, from 1
 * @param recordedAt to the microsecond, by the database's clock
 * @param tenant the directory tenant of whoever did it
 * @param reason the actor's words, or null
 * @param detail JSON, to the byte as it was hashed
 * @param previousHash that of the entry before it, in hexadecimal digits; 64 zeros in the first
 * @param hash SHA-256 over everything else, in hexadecimal digits
 */
public record AuditEntry(
        long id,
        Instant recordedAt,
        UUID tenant,
        String subject,
        String action,
        String target,
        String reason,
        String detail,
        String correlationId,
        String previousHash,
        String hash) {
    static final String COLUMNS = """
            audit_id, recorded_at, tenant_id, subject, action, target, reason, detail, correlation_id,
            encode(previous_hash, 'hex') as previous_hash, encode(hash, 'hex') as hash""";

    static AuditEntry of(Row row) {
        return new AuditEntry(
                row.getLong("audit_id"),
                Rows.instant(row, "recorded_at"),
                row.getUUID("tenant_id"),
                row.getString("subject"),
                row.getString("action"),
                row.getString("target"),
                row.getString("reason"),
                row.getString("detail"),
                row.getString("correlation_id"),
                row.getString("previous_hash"),
                row.getString("hash"));
    }
}
