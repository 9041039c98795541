package io.tallygate.gateway.audit;

import io.tallygate.store.audit.AuditEntry;
import io.tallygate.store.audit.AuditHead;
import io.vertx.core.json.JsonObject;

/** The audit on the wire. */
final class AuditJson {
    private AuditJson() {}

    /** The detail stays a text: to the byte what its hash covers. */
    static JsonObject of(AuditEntry entry) {
        JsonObject json = new JsonObject().put("auditId", entry.id());
        return json.mergeIn(withoutPlace(entry))
                .put("previousHash", entry.previousHash())
                .put("hash", entry.hash());
    }

    static JsonObject withoutPlace(AuditEntry entry) {
        return new JsonObject()
                .put("recordedAt", entry.recordedAt().toString())
                .put("tenantId", entry.tenant().toString())
                .put("subject", entry.subject())
                .put("action", entry.action())
                .put("target", entry.target())
                .put("reason", entry.reason())
                .put("detail", entry.detail())
                .put("correlationId", entry.correlationId());
    }

    static JsonObject of(AuditHead head) {
        return new JsonObject()
                .put("day", head.day().toString())
                .put("auditId", head.id())
                .put("hash", head.hash())
                .put("ended", head.ended());
    }
}
