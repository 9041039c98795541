package io.tallygate.routing.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RetryAfterTest {
    private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1|PT1S",
                " 120 |PT2M",
                "3600|PT1H",
                "3601|PT1H",
                "315360000|PT1H",
                "99999999999999999999999|PT1H",
                "Fri, 20 Nov 2026 10:00:30 GMT|PT30S",
                "Thu, 20 Nov 2036 10:00:30 GMT|PT1H",
                "Fri, 20 Nov 2026 10:00:00 GMT|",
                "Fri, 20 Nov 2026 09:00:00 GMT|",
                "0|",
                "-1|",
                "+5|",
                "2026-11-20T11:00:00Z|",
                "Mon, 20 Nov 2026 10:00:30 GMT|",
                "tomorrow|",
                "''|",
                "|"
            })
    void isSecondsOrADate(String value, Duration wish) {
        assertThat(RetryAfter.parse(value, NOW)).isEqualTo(Optional.ofNullable(wish));
    }
}
