package io.tallygate.gateway.admission;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * A token bucket for each of many: so many tokens a second, and so many at once. In the memory of this process alone; a
 * bucket that nobody asked for in ten minutes, or that is one too many, is forgotten, which is a full one.
 *
 * @param <K> whose bucket
 */
final class TokenBuckets<K> {
    private static final int MOST = 100_000;
    private static final int ADDRESS_BURST_SECONDS = 10;
    private static final Duration KEPT = Duration.ofMinutes(10);

    private final Cache<K, Bucket> buckets = Caffeine.newBuilder()
            .maximumSize(MOST)
            .expireAfterAccess(KEPT)
            .executor(Runnable::run)
            .build();
    private final int rate;
    private final int burst;
    private final TimeMeter clock;

    /**
     * Buckets that are full at first.
     *
     * @param rate tokens a second; 0 for no limit
     * @param burst tokens at once, one or more
     * @param nanoTime a clock in nanoseconds
     */
    TokenBuckets(int rate, int burst, LongSupplier nanoTime) {
        this.rate = rate;
        this.burst = burst;
        this.clock = new TimeMeter() {
            @Override
            public long currentTimeNanos() {
                return nanoTime.getAsLong();
            }

            @Override
            public boolean isWallClockBased() {
                return false;
            }
        };
    }

    /** Buckets of addresses, which hold what comes in ten seconds. */
    static TokenBuckets<String> ofAddresses(int rate) {
        return new TokenBuckets<>(rate, Math.max(1, rate * ADDRESS_BURST_SECONDS), System::nanoTime);
    }

    /** Tokens a second; 0 for no limit. */
    int rate() {
        return rate;
    }

    /** Takes a token: zero if there was one, else how long until there is. */
    Duration take(K whose) {
        return rate == 0
                ? Duration.ZERO
                : Duration.ofNanos(buckets.get(whose, this::full)
                        .tryConsumeAndReturnRemaining(1)
                        .getNanosToWaitForRefill());
    }

    /** The same without taking it. Nothing is kept of whom nothing is known. */
    Duration wouldWait(K whose) {
        Bucket bucket = rate == 0 ? null : buckets.getIfPresent(whose);
        return bucket == null
                ? Duration.ZERO
                : Duration.ofNanos(bucket.estimateAbilityToConsume(1).getNanosToWaitForRefill());
    }

    private Bucket full(K whose) {
        return Bucket.builder()
                .addLimit(limit -> limit.capacity(burst).refillGreedy(rate, Duration.ofSeconds(1)))
                .withCustomTimePrecision(clock)
                .build();
    }
}
