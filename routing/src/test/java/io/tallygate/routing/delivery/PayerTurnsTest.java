package io.tallygate.routing.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PayerTurnsTest {
    private static final UUID ONE = new UUID(0, 1);
    private static final UUID TWO = new UUID(0, 2);
    private static final UUID THREE = new UUID(0, 3);
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final Backoff WHOLE =
            new Backoff(Duration.ofSeconds(2), Duration.ofSeconds(16), () -> Math.nextDown(1.0));

    @Test
    void payerLeavesOneSubmissionToOthers() {
        PayerTurns turns = new PayerTurns(3, WHOLE);
        turns.begin(ONE);
        assertThat(turns.resting(0)).isEmpty();
        turns.begin(ONE);
        assertThat(turns.resting(0)).containsExactly(ONE);
        turns.end(ONE, false, 0);
        assertThat(turns.resting(0)).isEmpty();
    }

    @Test
    void payerWithoutAGoodAnswerRestsLongerEachTimeAndNotAfterAGoodOne() {
        PayerTurns turns = new PayerTurns(4, WHOLE);
        fail(turns, ONE, 0);
        assertThat(turns.resting(SECOND)).containsExactly(ONE);
        assertThat(turns.resting(2 * SECOND)).isEmpty();
        fail(turns, ONE, 2 * SECOND);
        assertThat(turns.resting(5 * SECOND)).containsExactly(ONE);
        assertThat(turns.resting(6 * SECOND)).isEmpty();
        turns.begin(ONE);
        assertThat(turns.resting(6 * SECOND)).containsExactly(ONE);
        turns.end(ONE, false, 6 * SECOND);
        assertThat(turns.resting(6 * SECOND)).isEmpty();
    }

    @Test
    void thoseWithoutAGoodAnswerHaveHalfBetweenThem() {
        PayerTurns turns = new PayerTurns(4, WHOLE);
        fail(turns, ONE, 0);
        fail(turns, TWO, 0);
        fail(turns, THREE, 0);
        long rested = 2 * SECOND;
        turns.begin(ONE);
        assertThat(turns.resting(rested)).containsExactly(ONE);
        turns.begin(TWO);
        assertThat(turns.resting(rested)).containsExactly(ONE, TWO, THREE);
    }

    private static void fail(PayerTurns turns, UUID payer, long now) {
        turns.begin(payer);
        turns.end(payer, true, now);
    }
}
