package io.tallygate.store.gap;

import io.tallygate.store.Rows;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;

/**
 * How gaps are looked for.
 *
 * @param patience how long after an hour its usage may come: before that nothing of it is missing
 * @param reach how far back gaps are found
 * @param lag how long after its end a window is sealed; one that is sealed an hour later than that was sealed late
 */
public record GapPlan(Duration patience, Duration reach, Duration lag) {
    /** The parameters of {@link GapSql#CLOCK}. */
    Tuple values() {
        return Tuple.of(Rows.seconds(patience), Rows.seconds(reach), Rows.seconds(lag));
    }
}
