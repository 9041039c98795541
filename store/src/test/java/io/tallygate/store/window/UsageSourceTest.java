package io.tallygate.store.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.store.window.UsageSource.Hour;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class UsageSourceTest {
    private static Instant hour(int hour) {
        return Instant.parse("2026-11-20T00:00:00Z").plusSeconds(3600L * hour);
    }

    private static UsageSource source(int first, Integer... hours) {
        List<Hour> found =
                Arrays.stream(hours).map(hour -> new Hour(hour(hour), 2)).toList();
        return new UsageSource("s", hour(first), hour(99), found);
    }

    private static List<String> gaps(UsageSource source, int from, int to) {
        return source.gaps(hour(from), hour(to)).stream()
                .map(gap -> (gap.from().getEpochSecond() - hour(0).getEpochSecond()) / 3600 + "+" + gap.hours())
                .toList();
    }

    @Test
    void gapsAreBetweenAroundAndAllOfIt() {
        assertThat(gaps(source(0, 2, 3, 6), 0, 10)).containsExactly("0+2", "4+2", "7+3");
        assertThat(gaps(source(0, 0, 1, 2), 0, 3)).isEmpty();
        assertThat(gaps(source(0), 5, 8)).containsExactly("5+3");
        assertThat(source(0, 2, 3, 6).records()).isEqualTo(6);
    }

    @Test
    void beforeTheFirstHourEverNothingIsMissing() {
        assertThat(gaps(source(4, 4, 6), 0, 7)).containsExactly("5+1");
        assertThat(gaps(source(8), 0, 7)).isEmpty();
        assertThat(gaps(source(7), 0, 7)).isEmpty();
    }

    @Test
    void hoursThatAreNotSealedYetAreNoGapsThoughSomeHaveRecords() {
        assertThat(gaps(source(0, 0, 8), 0, 3)).containsExactly("1+2");
        assertThat(gaps(source(0, 0, 3), 0, 3)).containsExactly("1+2");
        assertThat(gaps(source(0, 0, 8), 0, 0)).isEmpty();
        assertThat(gaps(source(0, 5), 5, 3)).isEmpty();
    }
}
