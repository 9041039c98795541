package io.tallygate.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class TokenBucketsTest {
    private long now;
    private final TokenBuckets<String> buckets = new TokenBuckets<>(10, 3, () -> now);

    private void pass(Duration time) {
        now += time.toNanos();
    }

    private int takeAll(String whose) {
        int taken = 0;
        while (buckets.take(whose).isZero()) {
            taken++;
        }
        return taken;
    }

    @Test
    void theBurstIsThereAtOnceAndTheRestAtTheRate() {
        assertThat(takeAll("a")).isEqualTo(3);
        assertThat(buckets.take("a")).isEqualTo(Duration.ofMillis(100));

        pass(Duration.ofMillis(100));
        assertThat(takeAll("a")).isEqualTo(1);

        pass(Duration.ofHours(1));
        assertThat(takeAll("a")).isEqualTo(3);
    }

    @Test
    void oneBucketIsNotAnothers() {
        takeAll("a");

        assertThat(takeAll("b")).isEqualTo(3);
    }

    @Test
    void lookingTakesNothing() {
        assertThat(buckets.wouldWait("a")).isZero();
        assertThat(takeAll("a")).isEqualTo(3);

        assertThat(buckets.wouldWait("a")).isEqualTo(Duration.ofMillis(100));
        pass(Duration.ofMillis(100));
        assertThat(buckets.wouldWait("a")).isZero();
        assertThat(buckets.wouldWait("a")).isZero();
    }

    @Test
    void withoutARateThereIsNoLimit() {
        TokenBuckets<String> any = new TokenBuckets<>(0, 1, () -> now);

        for (int i = 0; i < 1000; i++) {
            assertThat(any.take("a")).isZero();
        }
        assertThat(any.wouldWait("a")).isZero();
    }
}
