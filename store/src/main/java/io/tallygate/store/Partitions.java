package io.tallygate.store;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** Sees to the monthly partitions of the big tables before rows are written; remembers those it has seen committed. */
public final class Partitions {
    private final Set<YearMonth> known = ConcurrentHashMap.newKeySet();

    /** Makes the partitions for these times where they are missing, in the caller's transaction. */
    public Future<Void> ensure(SqlConnection transaction, Collection<Instant> times) {
        Set<YearMonth> missing = months(times);
        missing.removeAll(known);
        Future<Void> done = Future.succeededFuture();
        for (YearMonth month : missing) {
            done = done.compose(before -> transaction
                    .preparedQuery("select ensure_partitions($1)")
                    .execute(Tuple.of(month.atDay(1).atStartOfDay().atOffset(ZoneOffset.UTC)))
                    .mapEmpty());
        }
        return done;
    }

    /** To be called when the transaction that ensured these times was committed. */
    public void committed(Collection<Instant> times) {
        known.addAll(months(times));
    }

    private static Set<YearMonth> months(Collection<Instant> times) {
        return times.stream()
                .map(time -> YearMonth.from(time.atOffset(ZoneOffset.UTC)))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
