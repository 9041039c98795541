package io.tallygate.routing.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.routing.commerce.Grouping;
import io.tallygate.routing.commerce.Terms;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MomentTest {
    private static final Instant NOW = Instant.parse("2026-03-10T12:30:00Z");
    private static final Instant ROUTED = Instant.parse("2026-03-10T12:00:00Z");

    @Test
    void hourIsSettledWhenItIsOverForLongEnough() {
        assertThat(at(Duration.ZERO, null).lastHour()).isEqualTo("2026-03-10T11:00:00Z");
        assertThat(at(Duration.ofHours(2), null).lastHour()).isEqualTo("2026-03-10T09:00:00Z");
        assertThat(at(Duration.ofMinutes(31), null).lastHour()).isEqualTo("2026-03-10T10:00:00Z");
        assertThat(at(Duration.ofMinutes(30), null).lastHour()).isEqualTo("2026-03-10T11:00:00Z");
    }

    @Test
    void dayIsDoneWhenItIsRoutedAndSettled() {
        assertThat(at(Duration.ZERO, null).lastDay()).isEqualTo("2026-03-10T00:00:00Z");
        assertThat(at(Duration.ofHours(13), null).lastDay()).isEqualTo("2026-03-09T00:00:00Z");
        Moment behind = Moment.of(NOW, Instant.parse("2026-03-08T23:00:00Z"), null, terms(Duration.ZERO, null));
        assertThat(behind.lastDay()).isEqualTo("2026-03-08T00:00:00Z");
    }

    @Test
    void anHourIsLeftForSending() {
        Moment moment = at(Duration.ofHours(2), Duration.ofHours(24));
        assertThat(moment.earliest()).isEqualTo("2026-03-09T14:00:00Z");
        assertThat(moment.expired()).isEqualTo("2026-03-09T12:00:00Z");
        assertThat(at(Duration.ofHours(2), null).earliest()).isNull();
    }

    @Test
    void lastSettledHourIsTakenWhateverTheLimit() {
        Moment moment = at(Duration.ofHours(2), Duration.ofHours(3));
        assertThat(moment.earliest()).isEqualTo(moment.lastHour());
    }

    private static Moment at(Duration settle, Duration maxAge) {
        return Moment.of(NOW, ROUTED, null, terms(settle, maxAge));
    }

    private static Terms terms(Duration settle, Duration maxAge) {
        return new Terms(Grouping.HOUR, true, false, Optional.ofNullable(maxAge), Optional.empty(), 25, settle);
    }
}
