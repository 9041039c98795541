package io.tallygate.routing.payer;

import io.tallygate.routing.payer.Reroute.Amount;
import io.tallygate.routing.payer.Reroute.Move;
import io.tallygate.store.Partitions;
import io.tallygate.store.Rows;
import io.tallygate.store.audit.Actor;
import io.tallygate.store.audit.AuditTrail;
import io.tallygate.store.usage.CanonicalJson;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.math.BigDecimal;
import java.util.List;
import java.util.function.Function;

/** The second half of a re-route: what was found is written, in the same transaction. */
final class RerouteWriting {
    private final SqlConnection transaction;
    private final Partitions partitions;
    private final RerouteRequest request;
    private final Actor actor;

    RerouteWriting(SqlConnection transaction, Partitions partitions, RerouteRequest request, Actor actor) {
        this.transaction = transaction;
        this.partitions = partitions;
        this.request = request;
        this.actor = actor;
    }

    Future<Reroute> write(Reroute found) {
        return partitions
                .ensure(transaction, List.of(found.reportedTime()))
                .compose(done -> numbers(found))
                .compose(this::pairs)
                .compose(done -> deliveries())
                .compose(done -> audit(found))
                .map(found);
    }

    // The window and the number below that of the first move, whose position is 1.
    private Future<Tuple> numbers(Reroute found) {
        return transaction
                .preparedQuery(RerouteSql.LAST_SEQ)
                .execute(Tuple.of(Rows.utc(found.reportedTime()), Reroute.FIRST_SEQ))
                .map(rows -> rows.iterator().next().getInteger("seq"))
                .map(last ->
                        Tuple.of(Rows.utc(found.reportedTime()), (last == null ? Reroute.FIRST_SEQ : last + 1) - 2L));
    }

    private Future<Void> pairs(Tuple numbers) {
        return RerouteStore.run(transaction, RerouteSql.PAIRS, numbers)
                .compose(done -> RerouteStore.run(transaction, RerouteSql.EVENT_ROWS, numbers));
    }

    private Future<Void> deliveries() {
        String detail = "Its usage was re-routed before it was sent (" + actor.correlationId() + ")";
        return RerouteStore.run(transaction, RerouteSql.WITHDRAW, Tuple.of(detail))
                .compose(done -> RerouteStore.run(transaction, RerouteSql.NET));
    }

    private Future<Void> audit(Reroute found) {
        JsonObject detail = new JsonObject()
                .put("request", request.forAudit())
                .put("reportedTime", found.reportedTime().toString())
                .put("total", total(found, Move::total))
                .put("netted", total(found, Move::netted))
                .put("corrected", total(found, Move::corrected))
                .put("waiting", total(found, Move::waiting));
        String target = request.tenant() == null
                ? "routedUsage"
                : "routedUsage/" + request.tenant().value();
        return AuditTrail.append(transaction, actor, "routedUsage.reroute", target, null, detail.encode());
    }

    private static JsonObject total(Reroute found, Function<Move, Amount> amount) {
        List<Amount> all = found.moves().stream().map(amount).toList();
        return new JsonObject()
                .put("rows", all.stream().mapToLong(Amount::rows).sum())
                .put("records", all.stream().mapToLong(Amount::records).sum())
                .put(
                        "quantity",
                        CanonicalJson.plain(
                                all.stream().map(Amount::quantity).reduce(BigDecimal.ZERO, BigDecimal::add)));
    }
}
