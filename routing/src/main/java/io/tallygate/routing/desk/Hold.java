package io.tallygate.routing.desk;

import io.tallygate.store.Rows;
import io.vertx.sqlclient.Row;
import java.time.Instant;

/**
 * Something for which nothing is sent.
 *
 * @param automatic whether it ends by itself when the payer's mapping changes; an operator's does not
 */
public record Hold(String reason, boolean automatic, Instant since) {
    static Hold of(Row row) {
        return row.getString("hold_reason") == null
                ? null
                : new Hold(row.getString("hold_reason"), row.getBoolean("automatic"), Rows.instant(row, "held_at"));
    }

    static Hold firstOrNull(Iterable<Row> rows) {
        var each = rows.iterator();
        return each.hasNext() ? of(each.next()) : null;
    }
}
