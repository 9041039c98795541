package io.tallygate.routing.payer;

import io.tallygate.routing.payer.Reroute.Amount;
import io.tallygate.routing.payer.Reroute.Move;
import io.tallygate.routing.payer.Reroute.Uncorrectable;
import io.tallygate.store.Database;
import io.tallygate.store.Partitions;
import io.tallygate.store.Rows;
import io.tallygate.store.audit.Actor;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * Moves what is routed already to those who should pay for it by the mappings as they are recorded now. Windows that are
 * routed stay as they are: the pairs of reversal and rerouted rows join the window that is routed next.
 */
public final class RerouteStore {
    private final Database database;
    private final Partitions partitions;
    private final Predicate<String> acceptsNegative;

    /**
     * Works on the given database.
     *
     * @param acceptsNegative whether an endpoint of this name takes negative quantities
     */
    public RerouteStore(Database database, Partitions partitions, Predicate<String> acceptsNegative) {
        this.database = database;
        this.partitions = partitions;
        this.acceptsNegative = acceptsNegative;
    }

    /** What would move now; changes nothing. */
    public Future<Reroute> preview(RerouteRequest request) {
        return database.longTransaction(transaction -> preview(transaction, request));
    }

    /**
     * Moves it, in one transaction. What pays right already stays: a second time nothing moves. It waits for a window that
     * is being routed, and for events that are being composed; not for what is being sent.
     */
    public Future<Reroute> apply(RerouteRequest request, Actor actor) {
        return database.longTransaction(transaction -> apply(transaction, request, actor))
                .map(done -> {
                    if (!done.moves().isEmpty()) {
                        partitions.committed(List.of(done.reportedTime()));
                    }
                    return done;
                });
    }

    private Future<Reroute> preview(SqlConnection transaction, RerouteRequest request) {
        return window(transaction, RerouteSql.STATE)
                .compose(window -> find(transaction, request).map(window))
                .compose(window -> summary(transaction, window));
    }

    /** What would move of these tenants' usage from an hour on, by the mappings as this transaction sees them. */
    Future<Reroute> preview(
            SqlConnection transaction, long registrationId, Collection<TenantId> tenants, Instant from) {
        UUID[] ids = Rows.array(tenants, TenantId::value, UUID[]::new);
        return window(transaction, RerouteSql.STATE)
                .compose(window -> find(transaction, new RerouteRequest(registrationId, null, from, null), ids)
                        .map(window))
                .compose(window -> summary(transaction, window));
    }

    private Future<Reroute> apply(SqlConnection transaction, RerouteRequest request, Actor actor) {
        RerouteWriting writing = new RerouteWriting(transaction, partitions, request, actor);
        return run(transaction, RerouteSql.PATIENCE)
                .compose(done -> window(transaction, RerouteSql.LOCK_STATE))
                .compose(
                        window -> run(transaction, RerouteSql.EXCLUDE_COMPOSERS).map(window))
                .compose(window -> find(transaction, request).map(window))
                .compose(window -> run(transaction, RerouteSql.LOCK).map(window))
                .compose(window -> summary(transaction, window))
                .compose(found -> found.moves().isEmpty() ? Future.succeededFuture(found) : writing.write(found));
    }

    // The window that is routed next; null before anything was routed.
    private static Future<Instant> window(SqlConnection transaction, String sql) {
        return transaction
                .preparedQuery(sql)
                .execute(Tuple.tuple())
                .map(rows -> Rows.instant(rows.iterator().next(), "routed_through"));
    }

    private static Future<Void> find(SqlConnection transaction, RerouteRequest request) {
        UUID[] tenants =
                request.tenant() == null ? null : new UUID[] {request.tenant().value()};
        return find(transaction, request, tenants);
    }

    private static Future<Void> find(SqlConnection transaction, RerouteRequest request, UUID[] tenants) {
        Tuple asked = request.range().addLong(request.registrationId()).addArrayOfUUID(tenants);
        return run(transaction, RerouteSql.CREATE_HOURS)
                .compose(done -> run(transaction, RerouteSql.CREATE_MOVES))
                .compose(done -> run(transaction, RerouteSql.HOURS, asked))
                .compose(done -> run(transaction, RerouteSql.ANALYZE_HOURS))
                .compose(done -> run(transaction, RerouteSql.MOVES, request.range()))
                .compose(done -> run(transaction, RerouteSql.ANALYZE_MOVES))
                .compose(done -> run(transaction, RerouteSql.RETURNS, request.range()));
    }

    private Future<Reroute> summary(SqlConnection transaction, Instant window) {
        Future<List<Move>> moves = transaction
                .preparedQuery(RerouteSql.SUMMARY)
                .execute(Tuple.tuple())
                .map(RerouteStore::moves);
        Future<List<Uncorrectable>> uncorrectable = transaction
                .preparedQuery(RerouteSql.REVERSALS)
                .execute(Tuple.tuple())
                .map(this::uncorrectable);
        return Future.all(moves, uncorrectable)
                .map(both -> new Reroute(window, moves.result(), uncorrectable.result()));
    }

    private static List<Move> moves(RowSet<Row> rows) {
        List<Move> moves = new ArrayList<>(rows.size());
        rows.forEach(row -> moves.add(new Move(
                new TenantId(row.getUUID("tenant_id")),
                new SubscriptionId(row.getUUID("from_payer")),
                new SubscriptionId(row.getUUID("to_payer")),
                amount(row, "total"),
                amount(row, "netted"),
                amount(row, "corrected"),
                amount(row, "waiting"))));
        return List.copyOf(moves);
    }

    private List<Uncorrectable> uncorrectable(RowSet<Row> rows) {
        List<Uncorrectable> all = new ArrayList<>();
        for (Row row : rows) {
            String endpoint = row.getString("from_endpoint");
            if (!acceptsNegative.test(endpoint)) {
                all.add(new Uncorrectable(
                        endpoint,
                        new SubscriptionId(row.getUUID("from_payer")),
                        row.getString("commerce_meter_id"),
                        amount(row, "total")));
            }
        }
        return List.copyOf(all);
    }

    private static Amount amount(Row row, String name) {
        return new Amount(
                row.getLong(name + ".rows"), row.getLong(name + ".records"), row.getBigDecimal(name + ".quantity"));
    }

    static Future<Void> run(SqlConnection transaction, String sql) {
        return transaction.query(sql).execute().mapEmpty();
    }

    static Future<Void> run(SqlConnection transaction, String sql, Tuple parameters) {
        return transaction.preparedQuery(sql).execute(parameters).mapEmpty();
    }
}
