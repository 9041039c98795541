package io.tallygate.store.usage;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.store.testing.StoreWorld;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;

class NumericLimitsIT {
    private static final BigDecimal LARGEST = new BigDecimal(
            BigInteger.TEN.pow(UsageRecord.MAX_PRECISION).subtract(BigInteger.ONE), UsageRecord.MAX_SCALE);

    @Test
    void sumsOfTheLargestQuantitiesAreExact() {
        int count = 500;
        try (StoreWorld world = new StoreWorld()) {
            UsageRecord[] batch = new UsageRecord[count + 2];
            for (int i = 0; i < count; i++) {
                batch[i] = world.record("largest" + i, LARGEST.toPlainString());
            }
            batch[count] = world.record("smallest", "0.000000000000001");
            batch[count + 1] = world.record("least", LARGEST.negate().toPlainString());
            assertThat(world.ingest(batch)).containsOnly("Accepted");
            assertThat(world.postgres.query("select min(quantity), max(quantity) from usage_record"))
                    .containsExactly(LARGEST.negate().toPlainString() + "|" + LARGEST.toPlainString());

            world.seal(world.hour.truncatedTo(ChronoUnit.DAYS).plus(1, ChronoUnit.DAYS));

            BigDecimal sum = LARGEST.multiply(BigDecimal.valueOf(count - 1)).add(new BigDecimal("0.000000000000001"));
            assertThat(sum.precision()).isGreaterThan(UsageRecord.MAX_PRECISION);
            assertThat(world.postgres.query("select h.quantity, d.quantity from usage_hourly h, usage_daily d"))
                    .containsExactly(sum.toPlainString() + "|" + sum.toPlainString());
        }
    }
}
