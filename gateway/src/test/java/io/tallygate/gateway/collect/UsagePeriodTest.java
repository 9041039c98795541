package io.tallygate.gateway.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UsagePeriodTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "2024-09-18 22:00:00",
                "2024-09-18T22:00:00Z",
                "2024-09-18T22:00",
                "2024-09-18 22:00:00 UTC",
                "2024-09-18T22:00:00.000+00:00",
                "2024-09-19T00:00:00+02:00",
                "2024-09-18t22:00:00z"
            })
    void timesAreReadInManyForms(String text) throws UnreadableUsageException {
        assertThat(UsagePeriod.parse("start", text, "end", "2024-09-18T23:00:00Z"))
                .isEqualTo(new UsagePeriod(Instant.parse("2024-09-18T22:00:00Z"), 1));
    }

    @Test
    void aPlainDateIsMidnight() throws UnreadableUsageException {
        UsagePeriod day = UsagePeriod.parse("start", "2024-09-18", "end", "2024-09-19");
        assertThat(day.hours()).isEqualTo(24);
        assertThat(day.hour(23)).isEqualTo(Instant.parse("2024-09-18T23:00:00Z"));
    }

    @ParameterizedTest
    @CsvSource({
        "2024-09-18 22:30:00, 2024-09-18 23:00:00, start, NotOnTheHour",
        "2024-09-18 22:00:00, 2024-09-18 23:00:00.5, end, NotOnTheHour",
        "2024-09-18T22:00:00+05:30, 2024-09-18T23:00:00Z, start, NotOnTheHour",
        "2024-09-18 22:00:00, 2024-09-18 22:00:00, end, InvalidProperty",
        "2024-09-18 22:00:00, 2024-09-18 21:00:00, end, InvalidProperty",
        "2024-09-18 22:00:00, 9999-09-18 21:00:00, end, InvalidProperty",
        "1726696800, 2024-09-18 21:00:00, start, InvalidProperty",
        "2024-02-30 22:00:00, 2024-09-18 21:00:00, start, InvalidProperty",
        "09/18/2024 22:00, 2024-09-18 21:00:00, start, InvalidProperty"
    })
    void otherPeriodsAreRefusedWithTheirField(String start, String end, String field, String code) {
        assertThatThrownBy(() -> UsagePeriod.parse("start", start, "end", end))
                .isInstanceOfSatisfying(UnreadableUsageException.class, reason -> {
                    assertThat(reason.field()).isEqualTo(field);
                    assertThat(reason.code()).isEqualTo(code);
                });
    }
}
