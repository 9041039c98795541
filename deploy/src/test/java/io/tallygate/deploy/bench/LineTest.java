package io.tallygate.deploy.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class LineTest {
    private static final Line FIGURES =
            Line.of("stream.ndjson", "NDJSON", "rows/s", Better.HIGHER, List.of(200.0, 90.0, 330.0));

    @Test
    void theRatioIsTheMedianOfTheRoundsNotOfTheMedians() {
        // The second round was slow for both.
        Line line = FIGURES.against("T", List.of(100.0, 60.0, 110.0));
        assertThat(line.ratios()).containsExactly(2.0, 1.5, 3.0);
        assertThat(line.ratio()).isEqualTo(2);
        assertThat(line.figure()).isEqualTo(200);
        assertThat(line.floor()).isEqualTo(100);
    }

    @Test
    void aTargetIsMetOnItsSide() {
        Line line = FIGURES.against("T", List.of(100.0, 60.0, 110.0));
        assertThat(line.to(Target.atLeast(2)).met()).contains(true);
        assertThat(line.to(Target.atLeast(2.1)).met()).contains(false);
        assertThat(line.to(Target.atMost(1.9)).met()).contains(false);
        assertThat(line.to(Target.atMost(2)).met()).contains(true);
        assertThat(FIGURES.to(Target.figureAtMost(199)).met()).contains(false);
        assertThat(FIGURES.to(Target.figureAtMost(200)).met()).contains(true);
        assertThat(line.met()).isEmpty();
    }

    @Test
    void withoutAFloorThereIsNoRatio() {
        assertThat(FIGURES.ratio()).isNaN();
        assertThat(FIGURES.ratios()).isEmpty();
        assertThat(FIGURES.figure()).isEqualTo(200, within(0.0));
        assertThat(FIGURES.group()).isEqualTo("stream");
    }
}
