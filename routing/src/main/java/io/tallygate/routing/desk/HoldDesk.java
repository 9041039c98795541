package io.tallygate.routing.desk;

import io.tallygate.store.Database;
import io.tallygate.store.audit.Actor;
import io.tallygate.store.audit.AuditTrail;
import io.tallygate.store.directory.SubscriptionId;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;

/**
 * Holds payers, or all delivery, and resumes them. Everything may be said twice: what changes nothing is not audited. What
 * a gateway is sending already is not called back.
 */
public final class HoldDesk {
    /** The reason of the hold with which a restored gateway starts. */
    public static final String RESTORED = "restored";

    private static final String HOLD = "reason as hold_reason, automatic, held_at";
    private static final String HOLD_PAYER = """
            insert into payer_hold as h (payer_subscription_id, automatic, reason)
            select $1, false, $2
            where exists (select from registration where subscription_id = $1)
              or exists (select from customer_subscription where customer_subscription_id = $1)
              or exists (select from event_row where payer_subscription_id = $1)
              or exists (select from delivery_event where payer_subscription_id = $1)
            on conflict (payer_subscription_id) do update set automatic = false, reason = excluded.reason
              where h.automatic or h.reason <> excluded.reason
            returning\s""" + HOLD;
    private static final String HELD_PAYER = "select " + HOLD + " from payer_hold where payer_subscription_id = $1";
    private static final String RESUME_PAYER =
            "delete from payer_hold where payer_subscription_id = $1 returning " + HOLD;

    private static final String HOLD_OF_ALL = "reason as hold_reason, false as automatic, held_at";
    private static final String HOLD_ALL = """
            insert into delivery_hold as h (reason) values ($1)
            on conflict (singleton) do update set reason = excluded.reason where h.reason <> excluded.reason
            returning\s""" + HOLD_OF_ALL;
    private static final String HOLD_RESTORED = """
            insert into delivery_hold (reason) values ($1) on conflict (singleton) do nothing
            returning\s""" + HOLD_OF_ALL;
    private static final String HELD_ALL = "select " + HOLD_OF_ALL + " from delivery_hold";
    private static final String RESUME_ALL =
            "delete from delivery_hold where reason <> $1 or $2::boolean returning " + HOLD_OF_ALL;

    private final Database database;

    /** Works in the given database. */
    public HoldDesk(Database database) {
        this.database = database;
    }

    /**
     * Has nothing more sent for a payer; an automatic hold becomes the operator's, which a mapping does not end.
     *
     * @return the hold that stands now; null if nobody ever said that this subscription pays
     */
    public Future<Hold> hold(SubscriptionId payer, String reason, Actor actor) {
        return database.repeatableTransaction(transaction -> change(
                        transaction,
                        HOLD_PAYER,
                        Tuple.of(payer.value(), reason),
                        "payers.hold",
                        payer.toString(),
                        reason,
                        actor)
                .compose(hold -> hold != null ? Future.succeededFuture(hold) : standing(transaction, payer)));
    }

    /**
     * Has events sent for a payer again.
     *
     * @return the hold that ended, or null if there was none
     */
    public Future<Hold> resume(SubscriptionId payer, Actor actor) {
        return database.repeatableTransaction(transaction -> change(
                transaction, RESUME_PAYER, Tuple.of(payer.value()), "payers.resume", payer.toString(), null, actor));
    }

    /** Has nothing more sent to anybody. */
    public Future<Hold> holdAll(String reason, Actor actor) {
        return database.repeatableTransaction(transaction -> change(
                        transaction, HOLD_ALL, Tuple.of(reason), "deliveries.hold", "deliveries", reason, actor)
                .compose(hold -> hold != null ? Future.succeededFuture(hold) : standing(transaction)));
    }

    /** The same for a gateway that starts over a restored database; a hold that stands keeps its reason. */
    public Future<Hold> holdRestored(Actor actor) {
        return database.repeatableTransaction(transaction -> change(
                        transaction,
                        HOLD_RESTORED,
                        Tuple.of(RESTORED),
                        "deliveries.hold",
                        "deliveries",
                        RESTORED,
                        actor)
                .compose(hold -> hold != null ? Future.succeededFuture(hold) : standing(transaction)));
    }

    /**
     * Has events sent again, but to payers that are held on their own.
     *
     * @param compared the operator's word that the endpoints' books were compared, without which {@link #RESTORED} stays
     * @return false if it stays: what a restore lost may be billed already
     */
    public Future<Boolean> resumeAll(boolean compared, Actor actor) {
        return database.repeatableTransaction(transaction -> change(
                        transaction,
                        RESUME_ALL,
                        Tuple.of(RESTORED, compared),
                        "deliveries.resume",
                        "deliveries",
                        null,
                        actor)
                .compose(ended -> ended != null ? Future.succeededFuture() : standing(transaction))
                .map(hold -> hold == null || !hold.reason().equals(RESTORED)));
    }

    private static Future<Hold> standing(SqlConnection transaction, SubscriptionId payer) {
        return transaction
                .preparedQuery(HELD_PAYER)
                .execute(Tuple.of(payer.value()))
                .map(Hold::firstOrNull);
    }

    private static Future<Hold> standing(SqlConnection transaction) {
        return transaction.preparedQuery(HELD_ALL).execute(Tuple.tuple()).map(Hold::firstOrNull);
    }

    private static Future<Hold> change(
            SqlConnection transaction,
            String sql,
            Tuple parameters,
            String action,
            String target,
            String reason,
            Actor actor) {
        return transaction.preparedQuery(sql).execute(parameters).compose(rows -> {
            Hold hold = Hold.firstOrNull(rows);
            return hold == null
                    ? Future.succeededFuture()
                    : AuditTrail.append(transaction, actor, action, target, reason, detail(hold))
                            .map(hold);
        });
    }

    private static String detail(Hold hold) {
        return new JsonObject()
                .put("reason", hold.reason())
                .put("automatic", hold.automatic())
                .put("since", hold.since().toString())
                .encode();
    }
}
