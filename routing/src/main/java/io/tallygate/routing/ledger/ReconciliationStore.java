package io.tallygate.routing.ledger;

import io.tallygate.routing.ledger.Reconciliation.GroupBy;
import io.tallygate.routing.ledger.Reconciliation.Line;
import io.tallygate.routing.ledger.Reconciliation.Total;
import io.tallygate.store.Database;
import io.tallygate.store.Rows;
import io.tallygate.store.directory.SubscriptionId;
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
import java.util.function.Predicate;

/** Reconciles. One statement reads all books, so that it sees one state of them, whatever is committed meanwhile. */
public final class ReconciliationStore {
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
        return database.longRead(connection -> connection
                .preparedQuery(ReconciliationSql.statement(groupBy))
                .execute(range)
                .map(rows -> reconciliation(from, to, rows, groupBy.contains(GroupBy.PAYER))));
    }

    private static Reconciliation reconciliation(Instant from, Instant to, RowSet<Row> rows, boolean byPayer) {
        Row first = rows.iterator().next();
        Line total = line(first, account -> true);
        List<Line> lines = new ArrayList<>(rows.size());
        for (Row row : rows) {
            boolean atPayer = row.getUUID("payer") != null;
            lines.add(line(row, account -> !byPayer || account.hasPayer() == atPayer));
        }
        return new Reconciliation(
                from,
                to,
                total.balanced(),
                total.totals(),
                first.getLong("quarantined"),
                first.getLong("conflicts"),
                List.copyOf(lines.subList(1, lines.size())));
    }

    private static Line line(Row row, Predicate<Account> shown) {
        UUID tenant = row.getUUID("tenant_id");
        UUID payer = row.getUUID("payer");
        Map<Account, Total> totals = new EnumMap<>(Account.class);
        Arrays.stream(Account.values())
                .filter(shown)
                .forEach(account -> totals.put(
                        account,
                        new Total(
                                row.getLong(account.wireName() + ".count"),
                                row.getBigDecimal(account.wireName() + ".quantity"))));
        return new Line(
                Rows.instant(row, "day"),
                tenant == null ? null : new TenantId(tenant),
                row.getString("meter_id"),
                payer == null ? null : new SubscriptionId(payer),
                row.getBoolean("balanced"),
                Collections.unmodifiableMap(totals));
    }
}
