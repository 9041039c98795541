package io.tallygate.deploy.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryPolicyTest {
    private static final Instant NOW = Instant.parse("2024-09-18T22:00:00Z");

    @Test
    void pausesDoubleUpToTheLongest() {
        assertThat(RetryPolicy.DEFAULT.pauseAfter(1, null)).isEqualTo(Duration.ofMillis(500));
        assertThat(RetryPolicy.DEFAULT.pauseAfter(4, null)).isEqualTo(Duration.ofSeconds(4));
        assertThat(RetryPolicy.DEFAULT.pauseAfter(100, null)).isEqualTo(Duration.ofSeconds(60));
    }

    @Test
    void theGatewaysWishIsHonouredWithinBounds() {
        assertThat(RetryPolicy.DEFAULT.pauseAfter(1, Duration.ofSeconds(7))).isEqualTo(Duration.ofSeconds(7));
        assertThat(RetryPolicy.DEFAULT.pauseAfter(1, Duration.ofDays(3650))).isEqualTo(Duration.ofSeconds(60));
        assertThat(RetryPolicy.DEFAULT.pauseAfter(2, Duration.ofSeconds(-5))).isEqualTo(Duration.ofSeconds(1));
    }

    @ParameterizedTest
    @CsvSource({"7, PT7S", "'Wed, 18 Sep 2024 22:00:30 GMT', PT30S", "soon, ", "99999999999999999999, "})
    void retryAfterIsReadInItsForms(String header, Duration pause) {
        assertThatThrownBy(() -> new GatewayAnswer(429, header, "", null).orTryAgain(NOW))
                .isInstanceOfSatisfying(
                        TryAgainException.class,
                        again -> assertThat(again.retryAfter()).isEqualTo(pause));
    }
}
