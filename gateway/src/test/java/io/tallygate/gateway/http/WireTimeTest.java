package io.tallygate.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WireTimeTest {
    @ParameterizedTest
    @CsvSource({
        "2026-11-20T00:00:00Z, 2026-11-20T00:00:00Z",
        "2026-11-20t00:00:00z, 2026-11-20T00:00:00Z",
        "2026-11-20T00:00:00, 2026-11-20T00:00:00Z",
        "2026-11-20, 2026-11-20T00:00:00Z",
        "2026-11-20T00:00, 2026-11-20T00:00:00Z",
        "2026-11-20T00:00:00.0000000Z, 2026-11-20T00:00:00Z",
        "2026-11-20T00:00:00.123456789Z, 2026-11-20T00:00:00.123456789Z",
        "2026-11-20T02:00:00+02:00, 2026-11-20T00:00:00Z",
        "'2026-11-20T02:00:00 02:00', 2026-11-20T00:00:00Z",
        "2026-11-19T20:00:00-04:00, 2026-11-20T00:00:00Z",
        "2026-11-20T00:00:00+00:00Z, 2026-11-20T00:00:00Z",
        "'2026-11-20T00:00:00 00:00Z', 2026-11-20T00:00:00Z",
        "2026-11-20T05:30:00+05:30, 2026-11-20T00:00:00Z",
    })
    void everyFormThatClientsSendIsRead(String text, Instant meant) {
        assertThat(WireTime.parse(text)).contains(meant);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "now",
                "1763596800000",
                "2026-11-20T24:00:00Z",
                "2026-11-20T23:59:60Z",
                "2026-02-29T00:00:00Z",
                "10000-01-01T00:00:00Z",
                "2026-11-20T00:00:00.1234567890Z",
                "2026-11-20T00:00:00+19:00",
                "2026-11-20T00:00:00+02:00Z",
                "2026-11-20T00:00:00 UTC",
                " 2026-11-20",
                "20261120"
            })
    void whatIsNoTimeIsNotGuessed(String text) {
        assertThat(WireTime.parse(text)).isEmpty();
    }

    @Test
    void timesAreWrittenWithTheOffsetThatClientsExpect() {
        assertThat(WireTime.format(Instant.parse("2026-11-20T07:00:00Z"))).isEqualTo("2026-11-20T07:00:00+00:00");
        assertThat(WireTime.formatOrNull(null)).isNull();
    }
}
