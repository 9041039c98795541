package io.tallygate.deploy.property;

import org.junit.jupiter.api.Test;

/** The promises hold for random usage; {@code -Dtallygate.seed=N} repeats a run as far as threads let it. */
class UsagePropertyIT {
    private static final int RECORDS = 10_000;

    @Test
    void everyPromiseHoldsForRandomUsageThroughTwoGateways() {
        long seed = Long.getLong("tallygate.seed", System.nanoTime());
        System.out.println("-Dtallygate.seed=" + seed);
        try (PropertyRun run = new PropertyRun(seed, RECORDS)) {
            System.out.println("seed " + seed + ": " + run.run());
        } catch (RuntimeException | AssertionError failed) {
            throw new AssertionError("With -Dtallygate.seed=" + seed + ": " + failed.getMessage(), failed);
        }
    }
}
