package io.tallygate.routing.delivery;

import io.tallygate.routing.commerce.SubmissionResult;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;

/**
 * How long to wait before the next attempt: exponential, with full jitter, so that what failed together does not come
 * back together. Pure but for its source of chance.
 *
 * @param base the most after the first attempt; doubled by each further one
 * @param cap the most ever
 * @param chance gives numbers from 0 to 1, without 1
 */
record Backoff(Duration base, Duration cap, DoubleSupplier chance) {
    // Ten minutes are reached long before; a shift by more would overflow.
    private static final int MOST_DOUBLINGS = 30;

    /** What events are retried by: within 1 s after the first attempt, within 10 min after many. */
    static Backoff ofEvents() {
        return new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(10), Backoff::anyChance);
    }

    /** What a payer or an endpoint is left alone by in this process, when it does not answer well: 1 s to 15 s. */
    static Backoff ofTurns() {
        return new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(15), Backoff::anyChance);
    }

    /** The wait after so many attempts, 1 or more: anything from zero to {@code base × 2^(attempts − 1)}, or the cap. */
    Duration after(int attempts) {
        long most = longest(base, cap, attempts).toMillis();
        return Duration.ofMillis((long) (chance.getAsDouble() * (most + 1)));
    }

    /** The same, but never before what the endpoint asked for; of that at most an hour. */
    Duration after(int attempts, Duration wish) {
        Duration own = after(attempts);
        Duration honoured = honoured(wish);
        return own.compareTo(honoured) < 0 ? honoured : own;
    }

    /** What is honoured of an endpoint's wish: up to an hour, and nothing negative. */
    static Duration honoured(Duration wish) {
        if (wish.isNegative()) {
            return Duration.ZERO;
        }
        return wish.compareTo(SubmissionResult.LONGEST_WISH) > 0 ? SubmissionResult.LONGEST_WISH : wish;
    }

    /** Without chance: {@code base × 2^(count − 1)}, or the cap. */
    static Duration longest(Duration base, Duration cap, int count) {
        Duration grown = base.multipliedBy(1L << Math.min(Math.max(count - 1, 0), MOST_DOUBLINGS));
        return grown.compareTo(cap) < 0 ? grown : cap;
    }

    private static double anyChance() {
        return ThreadLocalRandom.current().nextDouble();
    }
}
