package io.tallygate.routing.ledger;

import io.tallygate.routing.ledger.Reconciliation.GroupBy;
import io.tallygate.routing.ledger.Reconciliation.Line;
import io.tallygate.routing.ledger.Reconciliation.Total;
import io.tallygate.store.Database;
import io.tallygate.store.Rows;
import io.tallygate.store.directory.TenantId;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Reconciles. One statement reads all books, so that it sees one state of them, whatever is committed meanwhile. Each
 * book is summed by day, subscription and meter on its own; only then are they put side by side.
 */
public final class ReconciliationStore {
    private static final String STATEMENT = """
            with state as materialized (
              select coalesce(w.sealed_through, '-infinity') as sealed_through,
                coalesce(r.routed_through, '-infinity') as routed_through
              from window_state w cross join routing_state r),
            book as (
              select date_trunc('day', reported_hour, 'UTC') as day, subscription_id, meter_key, 'accepted' as account,
                count(*) as records, sum(quantity) as quantity
              from usage_record
              where reported_hour >= $1 and reported_hour < $2
              group by 1, 2, 3
              union all
              select date_trunc('day', reported_hour, 'UTC'), subscription_id, meter_key, 'open', count(*), sum(quantity)
              from usage_record
              where reported_hour >= $1 and reported_hour < $2 and reported_hour >= (select sealed_through from state)
              group by 1, 2, 3
              union all
              select date_trunc('day', reported_time, 'UTC'), subscription_id, meter_key, 'aggregated', sum(record_count),
                sum(quantity)
              from usage_hourly
              where reported_time >= $1 and reported_time < $2
              group by 1, 2, 3
              union all
              select date_trunc('day', reported_time, 'UTC'), subscription_id, meter_key, 'unrouted', sum(record_count),
                sum(quantity)
              from usage_hourly
              where reported_time >= $1 and reported_time < $2 and reported_time >= (select routed_through from state)
              group by 1, 2, 3
              union all
              select date_trunc('day', reported_time, 'UTC'), subscription_id, meter_key,
                case when kind <> 'original' then 'adjusted' when fallback then 'base' else 'mapped' end,
                sum(record_count), sum(quantity)
              from routed_usage
              where reported_time >= $1 and reported_time < $2
              group by 1, 2, 3, 4
              union all
              select date_trunc('day', reported_time, 'UTC'), subscription_id, meter_key, reason, sum(record_count),
                sum(quantity)
              from routed_exclusion
              where reported_time >= $1 and reported_time < $2
              group by 1, 2, 3, 4),
            finest as (
              select day, tenant_id, meter_key, ${columns}
              from book join subscription using (subscription_id)
              group by day, tenant_id, meter_key),
            checked as (
              select *, ${balanced.count} and ${balanced.quantity} and "adjusted.quantity" = 0 as balanced from finest)
            select ${groups}, ${isTotal} as is_total, coalesce(bool_and(balanced), true) as balanced, ${sums},
              (select count(*) from quarantined_record) as quarantined,
              (select count(*) from conflicting_record) as conflicts
            from checked join meter using (meter_key)
            group by grouping sets (${sets})
            order by is_total desc, day, tenant_id, meter_id""";

    private final Database database;

    /** Reads from the given database. */
    public ReconciliationStore(Database database) {
        this.database = database;
    }

    /**
     * Reconciles reported days.
     *
     * @param from the first day: a UTC midnight
     * @param to exclusive: a UTC midnight
     * @param groupBy what to have a row for each of; empty for totals only
     */
    public Future<Reconciliation> reconcile(Instant from, Instant to, Set<GroupBy> groupBy) {
        Tuple range = Tuple.of(Rows.utc(from), Rows.utc(to));
        return database.read(connection -> connection
                .preparedQuery(statement(groupBy))
                .execute(range)
                .map(rows -> reconciliation(from, to, rows)));
    }

    // Nothing of a caller gets into the text: the groups are an enum.
    private static String statement(Set<GroupBy> groupBy) {
        List<String> columns =
                groupBy.stream().sorted().map(ReconciliationStore::column).toList();
        String grouped = String.join(", ", columns);
        return STATEMENT
                .replace("${columns}", perAccount(a -> """
                        coalesce(sum(records) filter (where account = '%1$s'), 0) as "%1$s.count",
                        coalesce(sum(quantity) filter (where account = '%1$s'), 0) as "%1$s.quantity\"""".formatted(a.wireName())))
                .replace("${balanced.count}", balanced("count"))
                .replace("${balanced.quantity}", balanced("quantity"))
                .replace("${sums}", perAccount(a -> """
                        coalesce(sum("%1$s.count"), 0)::bigint as "%1$s.count",
                        coalesce(sum("%1$s.quantity"), 0) as "%1$s.quantity\"""".formatted(a.wireName())))
                .replace(
                        "${groups}",
                        selected(groupBy, GroupBy.DAY, "timestamptz") + ", "
                                + selected(groupBy, GroupBy.TENANT, "uuid") + ", "
                                + selected(groupBy, GroupBy.METER, "text"))
                .replace("${isTotal}", columns.isEmpty() ? "true" : "grouping(" + grouped + ") > 0")
                .replace("${sets}", columns.isEmpty() ? "()" : "(" + grouped + "), ()");
    }

    private static String balanced(String what) {
        return """
                "accepted.%1$s" = "open.%1$s" + "aggregated.%1$s" and "aggregated.%1$s" = "unrouted.%1$s"
                  + "mapped.%1$s" + "base.%1$s" + "notChargeable.%1$s" + "notBilled.%1$s\"""".formatted(what);
    }

    private static String perAccount(Function<Account, String> columns) {
        return Arrays.stream(Account.values()).map(columns).collect(Collectors.joining(",\n"));
    }

    private static String selected(Set<GroupBy> groupBy, GroupBy group, String type) {
        return groupBy.contains(group) ? column(group) : "null::" + type + " as " + column(group);
    }

    private static String column(GroupBy group) {
        return switch (group) {
            case DAY -> "day";
            case TENANT -> "tenant_id";
            case METER -> "meter_id";
        };
    }

    private static Reconciliation reconciliation(Instant from, Instant to, RowSet<Row> rows) {
        List<Line> lines = new ArrayList<>(rows.size());
        rows.forEach(row -> lines.add(line(row)));
        Row first = rows.iterator().next();
        Line total = lines.get(0);
        return new Reconciliation(
                from,
                to,
                total.balanced(),
                total.totals(),
                first.getLong("quarantined"),
                first.getLong("conflicts"),
                List.copyOf(lines.subList(1, lines.size())));
    }

    private static Line line(Row row) {
        UUID tenant = row.getUUID("tenant_id");
        Map<Account, Total> totals = new EnumMap<>(Account.class);
        for (Account account : Account.values()) {
            totals.put(
                    account,
                    new Total(
                            row.getLong(account.wireName() + ".count"),
                            row.getBigDecimal(account.wireName() + ".quantity")));
        }
        return new Line(
                Rows.instant(row, "day"),
                tenant == null ? null : new TenantId(tenant),
                row.getString("meter_id"),
                row.getBoolean("balanced"),
                Collections.unmodifiableMap(totals));
    }
}
