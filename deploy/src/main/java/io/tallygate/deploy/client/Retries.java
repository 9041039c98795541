package io.tallygate.deploy.client;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Sends what failed for now again, as a {@link RetryPolicy} says. */
public final class Retries {
    private final RetryPolicy policy;
    private final Pause pause;
    private final Consumer<String> notices;

    /**
     * Retries.
     *
     * @param notices is told of each pause
     */
    public Retries(RetryPolicy policy, Pause pause, Consumer<String> notices) {
        this.policy = policy;
        this.pause = pause;
        this.notices = notices;
    }

    /** Makes attempts until one succeeds, stops for good, or there have been enough. */
    public <T, E extends Exception> T call(Attempt<T, E> attempt) throws StoppedException, InterruptedException, E {
        return call(attempt, () -> 0);
    }

    /**
     * The same for something that goes on where it stopped: only attempts without progress count.
     *
     * @param progress how far it has come
     */
    public <T, E extends Exception> T call(Attempt<T, E> attempt, LongSupplier progress)
            throws StoppedException, InterruptedException, E {
        int number = 0;
        while (true) {
            long before = progress.getAsLong();
            try {
                return attempt.call();
            } catch (TryAgainException failure) {
                number = progress.getAsLong() > before ? 1 : number + 1;
                if (number >= policy.attempts()) {
                    throw new StoppedException(
                            "gave up after " + number + " attempts, the last one: " + failure.getMessage());
                }
                Duration wait = policy.pauseAfter(number, failure.retryAfter());
                notices.accept(failure.getMessage() + "; trying again in " + wait.toMillis() / 1000.0 + " s");
                pause.pause(wait);
            }
        }
    }

    /**
     * One attempt.
     *
     * @param <E> what ends it, beside what everything ends
     */
    public interface Attempt<T, E extends Exception> {
        /**
         * Sends the request.
         *
         * @throws TryAgainException if it failed for now
         * @throws StoppedException if it would fail again
         */
        T call() throws TryAgainException, StoppedException, InterruptedException, E;
    }

    /** Waits. */
    public interface Pause {
        /** Waits for so long. */
        void pause(Duration duration) throws InterruptedException;
    }
}
