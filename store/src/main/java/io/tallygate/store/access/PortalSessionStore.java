package io.tallygate.store.access;

import io.tallygate.store.Database;
import io.tallygate.store.Rows;
import io.tallygate.store.access.PortalSession.Tokens;
import io.tallygate.store.audit.Actor;
import io.tallygate.store.audit.AuditTrail;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.function.Function;

/** Who is signed in to the portal. All times are the database's, which all gateways share. */
public final class PortalSessionStore {
    private static final int MOST_OF_A_SUBJECT = 20;
    private static final int MOST_REMOVED = 500;
    // $1 is the session, $2 the idle time in milliseconds.
    private static final String LIVE = """
            expires_at > clock_timestamp() and last_used_at > clock_timestamp() - $2::bigint * interval '1 millisecond'""";
    private static final String FIND =
            "select " + PortalSession.COLUMNS + " from portal_session where session_hash = $1 and " + LIVE;
    private static final String LOCK = FIND + " for update";
    private static final String LOCK_UNLESS_LOCKED = LOCK + " skip locked";
    // Others who sign in remove others: nobody waits for anybody.
    private static final String REMOVE_OVER = """
            delete from portal_session where session_hash in (
              select session_hash from portal_session
              where expires_at <= clock_timestamp() or last_used_at <= clock_timestamp() - $1::bigint * interval '1 millisecond'
              limit $2 for update skip locked)""";
    private static final String REMOVE_OLDEST = """
            delete from portal_session where session_hash in (
              select session_hash from portal_session where tenant_id = $1 and subject = $2
              order by created_at desc offset $3 for update skip locked)""";
    private static final String INSERT = """
            insert into portal_session (session_hash, tenant_id, subject, sealed_tokens, renew_at, token_expires_at,
              expires_at)
            values ($1, $2, $3, $4, $5, $6, clock_timestamp() + $7::bigint * interval '1 millisecond')
            on conflict do nothing""";
    private static final String RENEW = """
            update portal_session set sealed_tokens = $2, renew_at = $3, token_expires_at = $4 where session_hash = $1
            returning\s""" + PortalSession.COLUMNS;
    // Where several gateways see it in the same minute, one of them writes. Nobody waits for a renewal, which takes as
    // long
    // as the issuer does: another use is noted.
    private static final String USED = """
            update portal_session set last_used_at = clock_timestamp() where session_hash in (
              select session_hash from portal_session
              where session_hash = $1 and last_used_at < clock_timestamp() - interval '1 minute'
              for update skip locked)""";
    private static final String REMOVE_REPLACED = """
            delete from portal_session where session_hash in (
              select session_hash from portal_session where session_hash = $1 for update skip locked)""";
    private static final String REMOVE =
            "delete from portal_session where session_hash = $1 returning " + PortalSession.COLUMNS;

    private final Database database;
    private final Duration idleTimeout;

    /** In this database; a session that is not used for that long is over. */
    public PortalSessionStore(Database database, Duration idleTimeout) {
        this.database = database;
        this.idleTimeout = idleTimeout;
    }

    /**
     * Begins a session that lasts {@code maxAge} at the most, and puts that into the audit. Removes what is over; of the
     * subject's sessions the latest twenty stay.
     *
     * @param replaced the session that the browser had before, or null: it ends, unless it is being renewed
     */
    public Future<Void> begin(PortalSession session, Duration maxAge, Buffer replaced, Actor actor) {
        return database.repeatableTransaction(transaction -> execute(
                        transaction, REMOVE_OVER, Tuple.of(idleTimeout.toMillis(), MOST_REMOVED))
                .compose(removed -> execute(
                        transaction,
                        REMOVE_OLDEST,
                        Tuple.of(session.tenant().value(), session.subject(), MOST_OF_A_SUBJECT - 1)))
                .compose(removed -> replaced == null
                        ? Future.succeededFuture()
                        : execute(transaction, REMOVE_REPLACED, Tuple.of(replaced))
                                .<Void>mapEmpty())
                .compose(removed -> execute(transaction, INSERT, columns(session, maxAge)))
                // A repeated try finds the row of the first, which is audited already.
                .compose(inserted -> inserted.rowCount() == 0
                        ? Future.succeededFuture()
                        : audit(transaction, actor, "portal.signin")));
    }

    /** The session, or null if there is none, or it is over. */
    public Future<PortalSession> find(Buffer hash) {
        return database.read(connection -> one(connection, FIND, hash));
    }

    /** Notes that a session was used, unless that was noted less than a minute ago, or it is being renewed. */
    public Future<Void> used(Buffer hash) {
        return database.repeatableTransaction(
                transaction -> execute(transaction, USED, Tuple.of(hash)).mapEmpty());
    }

    /**
     * Gives a session other tokens: nobody else does so meanwhile. The work is done once; if it fails, everything stays.
     *
     * @param wait whether to wait while another does it; else null is the answer then
     * @param work of the session as it is now: its new tokens, or null where they stay
     * @return the session as it is then, or null if there is none or it is over
     */
    public Future<PortalSession> renew(Buffer hash, boolean wait, Function<PortalSession, Future<Tokens>> work) {
        return database.transaction(transaction -> one(transaction, wait ? LOCK : LOCK_UNLESS_LOCKED, hash)
                .compose(session -> session == null
                        ? Future.succeededFuture()
                        : work.apply(session).compose(tokens -> write(transaction, session, tokens))));
    }

    private static Future<PortalSession> write(SqlConnection transaction, PortalSession session, Tokens tokens) {
        return tokens == null
                ? Future.succeededFuture(session)
                : execute(
                                transaction,
                                RENEW,
                                Tuple.of(
                                        session.hash(),
                                        tokens.sealed(),
                                        Rows.utc(tokens.renewAt()),
                                        Rows.utc(tokens.expireAt())))
                        .map(PortalSessionStore::first);
    }

    /** Ends a session, if it is there still, and puts that into the audit. */
    public Future<Void> end(Buffer hash, Actor actor) {
        return database.repeatableTransaction(transaction -> execute(transaction, REMOVE, Tuple.of(hash))
                .compose(removed ->
                        removed.size() == 0 ? Future.succeededFuture() : audit(transaction, actor, "portal.signout")));
    }

    /** Removes a session that its issuer has ended. */
    public Future<Void> remove(Buffer hash) {
        return database.repeatableTransaction(
                transaction -> execute(transaction, REMOVE, Tuple.of(hash)).mapEmpty());
    }

    private Future<PortalSession> one(SqlConnection connection, String sql, Buffer hash) {
        return execute(connection, sql, Tuple.of(hash, idleTimeout.toMillis())).map(PortalSessionStore::first);
    }

    private static PortalSession first(RowSet<Row> rows) {
        return rows.size() == 0 ? null : PortalSession.of(rows.iterator().next());
    }

    private static Tuple columns(PortalSession session, Duration maxAge) {
        return Tuple.of(
                session.hash(),
                session.tenant().value(),
                session.subject(),
                session.tokens().sealed(),
                Rows.utc(session.tokens().renewAt()),
                Rows.utc(session.tokens().expireAt()),
                maxAge.toMillis());
    }

    private static Future<Void> audit(SqlConnection transaction, Actor actor, String action) {
        return AuditTrail.append(transaction, actor, action, "/portal/session", null, "{}");
    }

    private static Future<RowSet<Row>> execute(SqlConnection connection, String sql, Tuple parameters) {
        return connection.preparedQuery(sql).execute(parameters);
    }
}
