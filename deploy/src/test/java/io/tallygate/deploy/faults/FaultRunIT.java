package io.tallygate.deploy.faults;

import io.tallygate.store.testing.OwnPostgres;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Half of the kinds of faults, once each, of a seed that is printed: {@code -Dtallygate.seed=N} repeats it. */
@OwnPostgres("kills it")
class FaultRunIT {
    @Test
    void whateverHappensEveryRecordIsBilledOnceToWhoPaysForIt() throws Exception {
        long seed = Long.getLong("tallygate.seed", System.nanoTime());
        System.out.println("seed " + seed);
        System.out.println(new FaultRun(seed, Fault.values().length / 2, Duration.ofSeconds(1)).run());
    }
}
