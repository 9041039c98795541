package io.tallygate.gateway.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HourlySpreadTest {
    private static final BigDecimal UNIT = new BigDecimal(BigInteger.ONE, 15);

    private static List<BigDecimal> spread(String quantity, int hours) {
        HourlySpread spread = HourlySpread.of(new BigDecimal(quantity), hours);
        return IntStream.range(0, hours).mapToObj(spread::hour).toList();
    }

    @Test
    void theRemainingUnitsGoToTheFirstHours() {
        assertThat(spread("1", 3))
                .containsExactly(
                        new BigDecimal("0.333333333333334"),
                        new BigDecimal("0.333333333333333"),
                        new BigDecimal("0.333333333333333"));
    }

    @Test
    void aNegativeQuantityIsTruncatedTowardZeroToo() {
        assertThat(spread("-0.000000000000005", 3))
                .containsExactly(
                        new BigDecimal("-0.000000000000002"),
                        new BigDecimal("-0.000000000000002"),
                        new BigDecimal("-0.000000000000001"));
    }

    @Test
    void whatIsLessThanAUnitAnHourLeavesTheLaterHoursEmpty() {
        assertThat(spread("0.000000000000002", 24))
                .startsWith(UNIT, UNIT)
                .satisfies(hours -> assertThat(hours.subList(2, 24)).allMatch(hour -> hour.signum() == 0));
    }

    @Test
    void oneHourKeepsTheQuantityAsItIs() {
        assertThat(spread("7.5", 1)).containsExactly(new BigDecimal("7.5"));
    }

    @Test
    void thereIsNoSpreadOverNoHours() {
        assertThatThrownBy(() -> HourlySpread.of(BigDecimal.ONE, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    /** Of any quantity and period: nothing is lost, no sign changes, no two hours differ by more than one unit. */
    @Test
    void everySpreadAddsUpToTheLastDigit() {
        long seed = 20261121;
        Random random = new Random(seed);
        for (int run = 0; run < 2_000; run++) {
            BigDecimal quantity = new BigDecimal(
                    new BigInteger(1 + random.nextInt(125), random)
                            .multiply(BigInteger.valueOf(random.nextInt(3) - 1L)),
                    random.nextInt(16));
            int hours = 1 + random.nextInt(random.nextBoolean() ? 24 : UsagePeriod.LONGEST_HOURS);
            List<BigDecimal> parts = spread(quantity.toPlainString(), hours);
            String what = "seed " + seed + ", run " + run + ": " + quantity + " over " + hours;
            assertThat(parts.stream().reduce(BigDecimal.ZERO, BigDecimal::add))
                    .as(what)
                    .isEqualByComparingTo(quantity);
            assertThat(parts)
                    .as(what)
                    .allMatch(part -> part.signum() == 0 || part.signum() == quantity.signum())
                    .allMatch(part -> part.abs().compareTo(parts.get(0).abs()) <= 0)
                    .allMatch(part -> parts.get(0).subtract(part).abs().compareTo(UNIT) <= 0);
        }
    }
}
