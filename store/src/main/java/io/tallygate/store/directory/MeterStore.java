package io.tallygate.store.directory;

import io.tallygate.store.Database;
import io.tallygate.store.audit.Actor;
import io.tallygate.store.audit.AuditTrail;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;

/** The meter catalogue. */
public final class MeterStore {
    private static final String ALL = "select * from meter order by resource_provider, name, meter_id";
    private static final String FIND =
            "select * from meter where lower(meter_id collate \"C\") = lower($1::text collate \"C\")";
    // Changes nothing where name or unit differ: sealed usage shows them.
    private static final String PUT = """
            insert into meter as m (meter_id, name, resource_provider, unit, deprecated, chargeable, overlapping,
              commerce_meter_id)
            values ($1, $2, $3, $4, $5, $6, $7, $8)
            on conflict (lower(meter_id collate "C")) do update set resource_provider = $3, deprecated = $5, chargeable = $6,
              overlapping = $7, commerce_meter_id = $8
            where m.name = $2 and m.unit = $4""";

    private final Database database;

    /** Reads and writes in the given database. */
    public MeterStore(Database database) {
        this.database = database;
    }

    /** All meters, by resource provider and name. */
    public Future<List<Meter>> all() {
        return database.read(connection -> connection
                .preparedQuery(ALL)
                .execute(Tuple.tuple())
                .map(rows -> {
                    List<Meter> meters = new ArrayList<>(rows.size());
                    rows.forEach(row -> meters.add(meter(row)));
                    return meters;
                }));
    }

    /** The meter with this id, whatever its case; or null. */
    public Future<Meter> find(String id) {
        return database.read(connection -> find(connection, id));
    }

    /**
     * Creates a meter or changes it; changes nothing if it is so already.
     *
     * @return false if a meter of this id has another name or unit: nothing was changed then
     */
    public Future<Boolean> put(Meter wanted, Actor actor) {
        return database.repeatableTransaction(transaction -> find(transaction, wanted.id())
                .compose(before -> wanted.equals(before)
                        ? Future.succeededFuture(true)
                        : write(transaction, before, wanted, actor)));
    }

    private static Future<Boolean> write(SqlConnection transaction, Meter before, Meter wanted, Actor actor) {
        Tuple columns = Tuple.of(
                wanted.id(),
                wanted.name(),
                wanted.resourceProvider(),
                wanted.unit(),
                wanted.deprecated(),
                wanted.chargeable(),
                wanted.overlaps().toArray(String[]::new),
                wanted.commerceMeterId());
        return transaction.preparedQuery(PUT).execute(columns).compose(result -> {
            String detail = new JsonObject()
                    .put("before", before == null ? null : json(before))
                    .put("after", json(wanted))
                    .encode();
            return result.rowCount() == 0
                    ? Future.succeededFuture(false)
                    : AuditTrail.append(transaction, actor, "meter.put", "/meters/" + wanted.id(), null, detail)
                            .map(true);
        });
    }

    private static JsonObject json(Meter meter) {
        return new JsonObject()
                .put("name", meter.name())
                .put("resourceProvider", meter.resourceProvider())
                .put("unit", meter.unit())
                .put("deprecated", meter.deprecated())
                .put("chargeable", meter.chargeable())
                .put("overlaps", meter.overlaps())
                .put("commerceMeterId", meter.commerceMeterId());
    }

    private static Future<Meter> find(SqlConnection connection, String id) {
        return connection
                .preparedQuery(FIND)
                .execute(Tuple.of(id))
                .map(rows -> rows.size() == 0 ? null : meter(rows.iterator().next()));
    }

    private static Meter meter(Row row) {
        return new Meter(
                row.getString("meter_id"),
                row.getString("name"),
                row.getString("resource_provider"),
                row.getString("unit"),
                row.getBoolean("deprecated"),
                row.getBoolean("chargeable"),
                List.of(row.getArrayOfStrings("overlapping")),
                row.getString("commerce_meter_id"));
    }
}
