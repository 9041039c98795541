package io.tallygate.deploy.exports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class ReportedTimeTest {
    @ParameterizedTest
    @CsvSource({
        "2026-11-01, 2026-11-01T00:00:00Z",
        "2026-11-01T05, 2026-11-01T05:00:00Z",
        "2026-11-01T05Z, 2026-11-01T05:00:00Z",
        "2026-11-01t05:30, 2026-11-01T05:30:00Z",
        "2026-11-01T05:30:07z, 2026-11-01T05:30:07Z",
        "2026-11-01T05:00+02:00, 2026-11-01T03:00:00Z"
    })
    void aTimeIsReadInItsForms(String text, Instant time) {
        assertThat(new ReportedTime().convert(text)).isEqualTo(time);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "tomorrow", "2026-02-30", "2026-11-01T25", "2026-11-01 05:00", "2026-11-01T05:00X"})
    void whatIsNoneSaysWhatIsExpected(String text) {
        assertThatThrownBy(() -> new ReportedTime().convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("2026-11-01T05:00Z");
    }

    @Test
    void aWaitIsReadInItsForms() {
        WaitingTime reader = new WaitingTime();
        assertThat(reader.convert("90s")).isEqualTo(Duration.ofSeconds(90));
        assertThat(reader.convert("1h30m")).isEqualTo(Duration.ofMinutes(90));
        assertThat(reader.convert("PT2H")).isEqualTo(Duration.ofHours(2));
        assertThatThrownBy(() -> reader.convert("10")).isInstanceOf(TypeConversionException.class);
    }
}
