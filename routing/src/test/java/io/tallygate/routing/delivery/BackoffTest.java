package io.tallygate.routing.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private static final Duration BASE = Duration.ofSeconds(1);
    private static final Duration CAP = Duration.ofMinutes(10);

    @Test
    void mostIsDoubledByEachAttemptUpToTheCap() {
        Backoff most = new Backoff(BASE, CAP, () -> Math.nextDown(1.0));
        assertThat(most.after(1)).isEqualTo(Duration.ofSeconds(1));
        assertThat(most.after(2)).isEqualTo(Duration.ofSeconds(2));
        assertThat(most.after(10)).isEqualTo(Duration.ofSeconds(512));
        assertThat(most.after(11)).isEqualTo(CAP);
        assertThat(most.after(Integer.MAX_VALUE)).isEqualTo(CAP);
    }

    @Test
    void jitterIsFull() {
        assertThat(new Backoff(BASE, CAP, () -> 0).after(11)).isEqualTo(Duration.ZERO);
        assertThat(new Backoff(BASE, CAP, () -> 0.5).after(11)).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void wishOfTheEndpointIsTheEarliestUpToAnHour() {
        Backoff least = new Backoff(BASE, CAP, () -> 0);
        assertThat(least.after(3, Duration.ofMinutes(20))).isEqualTo(Duration.ofMinutes(20));
        assertThat(least.after(3, Duration.ofDays(1))).isEqualTo(Duration.ofHours(1));
        assertThat(least.after(3, Duration.ofSeconds(-5))).isEqualTo(Duration.ZERO);
        assertThat(new Backoff(BASE, CAP, () -> 0.5).after(11, Duration.ofSeconds(1)))
                .isEqualTo(Duration.ofMinutes(5));
    }
}
