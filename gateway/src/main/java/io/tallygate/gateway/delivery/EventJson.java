package io.tallygate.gateway.delivery;

import io.tallygate.gateway.http.WireJson;
import io.tallygate.gateway.http.WireTime;
import io.tallygate.routing.desk.DeliveryEvent;
import io.tallygate.routing.desk.EventAccount;
import io.tallygate.routing.desk.EventAccount.LedgerEntry;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Events on the wire. */
final class EventJson {
    private EventJson() {}

    static JsonObject of(DeliveryEvent event) {
        return new JsonObject()
                .put("key", event.key().toString())
                .put("endpoint", event.endpoint())
                .put("payerSubscriptionId", event.payer().toString())
                .put("dimension", event.dimension())
                .put("effectiveTime", WireTime.format(event.effectiveTime()))
                .put("reportedTime", WireTime.format(event.reportedTime()))
                .put("quantity", event.quantity())
                .put("recordCount", event.recordCount())
                .put("rowCount", event.rowCount())
                .put("state", event.state().wireName())
                .put("reason", event.reason())
                .put("attempts", event.attempts())
                .put("inFlight", event.inFlight())
                .put("createdAt", text(event.createdAt()))
                .put("nextAttemptAt", text(event.nextAttemptAt()))
                .put("unknownSince", text(event.unknownSince()))
                .put("settledAt", text(event.settledAt()))
                .put("remoteId", event.remoteId());
    }

    static JsonObject of(EventAccount account) {
        JsonArray usage = new JsonArray();
        account.usage().forEach(sum -> usage.add(of(sum)));
        return of(account.event())
                .put("body", WireJson.orText(account.body().toString(StandardCharsets.UTF_8)))
                .put("bodySha256", HexFormat.of().formatHex(account.bodyHash().getBytes()))
                .put("usage", usage)
                .put("ledger", ledger(account.ledger()));
    }

    /** An event with those of these ledger entries that are its own. */
    static JsonObject of(DeliveryEvent event, Map<UUID, List<LedgerEntry>> entries) {
        return of(event).put("ledger", ledger(entries.getOrDefault(event.key(), List.of())));
    }

    private static JsonArray ledger(List<LedgerEntry> entries) {
        JsonArray ledger = new JsonArray();
        entries.forEach(entry -> ledger.add(of(entry)));
        return ledger;
    }

    private static JsonObject of(EventAccount.Usage sum) {
        return new JsonObject()
                .put("usageTime", WireTime.format(sum.usageTime()))
                .put("subscriptionId", sum.subscription().toString())
                .put("tenantId", sum.tenant().toString())
                .put("dimension", sum.dimension())
                .put("rows", sum.rows())
                .put("recordCount", sum.records())
                .put("quantity", sum.quantity());
    }

    private static JsonObject of(LedgerEntry entry) {
        return new JsonObject()
                .put("recordedAt", text(entry.recordedAt()))
                .put("outcome", entry.outcome())
                .put("attempt", entry.attempt())
                .put("fenced", entry.fenced())
                .put(
                        "submissionId",
                        entry.submission() == null ? null : entry.submission().toString())
                .put("remoteId", entry.remoteId())
                .put("detail", entry.detail());
    }

    // To the microsecond, as the database has it: these are points in time, not hours.
    private static String text(Instant time) {
        return time == null ? null : time.toString();
    }
}
