package io.tallygate.deploy.property;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Many seeds, for {@code -Dtallygate.minutes=N} minutes or 10. */
class UsagePropertyLongIT {
    private static final int MAX_RECORDS = 20_000;

    @Test
    void everyPromiseHoldsForManySeeds() {
        Random seeds = new Random(Long.getLong("tallygate.seed", System.nanoTime()));
        Instant end = Instant.now().plus(Duration.ofMinutes(Long.getLong("tallygate.minutes", 10)));
        int runs = 0;
        while (runs == 0 || Instant.now().isBefore(end)) {
            long seed = seeds.nextLong();
            int records = 500 + seeds.nextInt(MAX_RECORDS);
            System.out.println("seed " + seed + ", " + records + " records");
            try (PropertyRun run = new PropertyRun(seed, records)) {
                System.out.println("seed " + seed + ": " + run.run());
            } catch (RuntimeException | AssertionError failed) {
                throw new AssertionError("With -Dtallygate.seed=" + seed + ": " + failed.getMessage(), failed);
            }
            runs++;
        }
        System.out.println(runs + " runs");
        assertThat(runs).isPositive();
    }
}
