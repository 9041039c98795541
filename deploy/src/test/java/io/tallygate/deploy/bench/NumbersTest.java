package io.tallygate.deploy.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class NumbersTest {
    @Test
    void theMedianIsTheMiddleOne() {
        assertThat(Numbers.median(List.of(9.0, 1.0, 2.0))).isEqualTo(2);
        assertThat(Numbers.median(List.of(9.0, 1.0, 2.0, 4.0))).isEqualTo(3);
        assertThatThrownBy(() -> Numbers.median(List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void threeDigitsCount() {
        assertThat(Numbers.short3(1_234_567)).isEqualTo("1,230,000");
        assertThat(Numbers.short3(999_999)).isEqualTo("1,000,000");
        assertThat(Numbers.short3(12.345)).isEqualTo("12.3");
        assertThat(Numbers.short3(0.012345)).isEqualTo("0.0123");
        assertThat(Numbers.short3(0)).isEqualTo("0");
        assertThat(Numbers.short3(Double.NaN)).isEqualTo("n/a");
    }
}
