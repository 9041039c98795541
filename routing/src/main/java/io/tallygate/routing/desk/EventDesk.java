package io.tallygate.routing.desk;

import io.tallygate.routing.delivery.EventWords;
import io.tallygate.routing.desk.EventDecision.Kind;
import io.tallygate.store.Database;
import io.tallygate.store.Rows;
import io.tallygate.store.audit.Actor;
import io.tallygate.store.audit.AuditTrail;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.UUID;

/**
 * An operator's decisions about single events. Each is one transaction on the locked event, with its ledger and its audit
 * entry. It takes the lease token away, so that whoever still waits for an answer moves nothing with it.
 */
public final class EventDesk {
    private static final String LOCK = "select " + DeliveryEvent.COLUMNS
            + " from delivery_event e where e.event_key = $1 order by e.reported_time limit 1 for no key update of e";
    // An attempt without an answer counts from here on: else nothing would say any more that it may be billed, and a
    // re-route would take it for never sent.
    private static final String REQUEUE = """
            update delivery_event e
            set state = 'pending', reason = null, next_attempt_at = clock_timestamp(), lease_token = null,
              unknown_since = case when $4 then null else unknown_since end, settled_at = null,
              attempts = case when $4 and unknown_since is not null then greatest(attempts, 1) else attempts end
            where payer_subscription_id = $1 and reported_time = $2 and event_key = $3
            returning\s""" + DeliveryEvent.COLUMNS;
    private static final String WAIVE = """
            update delivery_event e
            set state = 'waived', lease_token = null, settled_at = clock_timestamp()
            where payer_subscription_id = $1 and reported_time = $2 and event_key = $3
            returning\s""" + DeliveryEvent.COLUMNS;
    private static final String NOTE = """
            insert into delivery_ledger (payer_subscription_id, reported_time, event_key, endpoint, outcome, attempt, detail)
            values ($1, $2, $3, $4, $5, $6, $7)""";

    private final Database database;

    /** Works in the given database. */
    public EventDesk(Database database) {
        this.database = database;
    }

    /**
     * Has a dead or manual event sent again, under its key and with its attempts. One whose outcome is unknown since
     * longer than the endpoint remembers keys becomes manual again unless the risk is accepted.
     *
     * @param reason the operator's words, or null
     * @param acceptDuplicateRisk whether it is sent although it may have been billed
     */
    public Future<EventDecision> requeue(UUID key, String reason, boolean acceptDuplicateRisk, Actor actor) {
        return database.transaction(transaction -> lock(transaction, key).compose(event -> {
            Kind refusal = whyNotRequeued(event, acceptDuplicateRisk);
            return refusal != null
                    ? Future.succeededFuture(new EventDecision(refusal, event))
                    : transaction
                            .preparedQuery(REQUEUE)
                            .execute(keyOf(event).addBoolean(acceptDuplicateRisk))
                            .map(DeliveryEvent::firstOrNull)
                            .compose(now -> account(transaction, "requeue", "Requeued", event, now, reason, actor));
        }));
    }

    /**
     * Decides that an event is never sent (again): its usage is waived.
     *
     * @param reason the operator's words
     * @param acceptBilled whether it is waived although the endpoint may have billed it
     */
    public Future<EventDecision> waive(UUID key, String reason, boolean acceptBilled, Actor actor) {
        return database.transaction(transaction -> lock(transaction, key).compose(event -> {
            Kind refusal = whyNotWaived(event, acceptBilled);
            return refusal != null
                    ? Future.succeededFuture(new EventDecision(refusal, event))
                    : transaction
                            .preparedQuery(WAIVE)
                            .execute(keyOf(event))
                            .map(DeliveryEvent::firstOrNull)
                            .compose(
                                    now -> account(transaction, "waive", EventWords.WAIVED, event, now, reason, actor));
        }));
    }

    private static Kind whyNotRequeued(DeliveryEvent event, boolean acceptDuplicateRisk) {
        if (event == null) {
            return Kind.ABSENT;
        }
        if (event.state() != EventState.DEAD && event.state() != EventState.MANUAL) {
            return Kind.WRONG_STATE;
        }
        if (EventWords.NEGATIVE_SUM.equals(event.reason())) {
            return Kind.NEGATIVE_SUM;
        }
        return EventWords.OUTCOME_UNKNOWN.equals(event.reason()) && !acceptDuplicateRisk ? Kind.MAY_BE_BILLED : null;
    }

    private static Kind whyNotWaived(DeliveryEvent event, boolean acceptBilled) {
        if (event == null) {
            return Kind.ABSENT;
        }
        if (event.inFlight()) {
            return Kind.IN_FLIGHT;
        }
        return switch (event.state()) {
            case PENDING, HELD, DEAD, MANUAL ->
                event.unknownSince() != null && !acceptBilled ? Kind.MAY_BE_BILLED : null;
            case DELIVERED, WAIVED, WITHDRAWN -> Kind.WRONG_STATE;
        };
    }

    private static Future<DeliveryEvent> lock(SqlConnection transaction, UUID key) {
        return transaction.preparedQuery(LOCK).execute(Tuple.of(key)).map(DeliveryEvent::firstOrNull);
    }

    private static Future<EventDecision> account(
            SqlConnection transaction,
            String action,
            String outcome,
            DeliveryEvent before,
            DeliveryEvent now,
            String reason,
            Actor actor) {
        String detail = new JsonObject()
                .put("endpoint", now.endpoint())
                .put("payerSubscriptionId", now.payer().toString())
                .put("quantity", now.quantity().toPlainString())
                .put("before", state(before))
                .put("after", state(now))
                .encode();
        return transaction
                .preparedQuery(NOTE)
                .execute(keyOf(now)
                        .addString(now.endpoint())
                        .addString(outcome)
                        .addInteger(now.attempts())
                        .addString(reason))
                .compose(noted -> AuditTrail.append(
                        transaction, actor, "deliveries." + action, now.key().toString(), reason, detail))
                .map(done -> new EventDecision(Kind.DONE, now));
    }

    private static JsonObject state(DeliveryEvent event) {
        return new JsonObject()
                .put("state", event.state().wireName())
                .put("reason", event.reason())
                .put(
                        "unknownSince",
                        event.unknownSince() == null
                                ? null
                                : event.unknownSince().toString());
    }

    private static Tuple keyOf(DeliveryEvent event) {
        return Tuple.of(event.payer().value(), Rows.utc(event.reportedTime()), event.key());
    }
}
