package io.tallygate.deploy.faults;

import io.tallygate.store.testing.OwnPostgres;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A hundred faults in a quarter of an hour or so; {@code -Dtallygate.seed=N} repeats a run, {@code -Dtallygate.faults=N} says how many. */
@OwnPostgres("kills it")
class FaultRunLongIT {
    @Test
    void whateverHappensEveryRecordIsBilledOnceToWhoPaysForIt() throws Exception {
        long seed = Long.getLong("tallygate.seed", System.nanoTime());
        System.out.println("seed " + seed);
        System.out.println(
                new FaultRun(seed, Integer.getInteger("tallygate.faults", 100), Duration.ofSeconds(5)).run());
    }
}
