package io.tallygate.deploy.imports;

import io.tallygate.deploy.client.StoppedException;
import io.tallygate.deploy.client.TryAgainException;
import java.time.Duration;
import java.util.function.Consumer;

/** Sends what failed for now again, as a {@link RetryPolicy} says. */
final class Retries {
    private final RetryPolicy policy;
    private final Pause pause;
    private final Consumer<String> notices;

    /**
     * Retries.
     *
     * @param notices is told of each pause
     */
    Retries(RetryPolicy policy, Pause pause, Consumer<String> notices) {
        this.policy = policy;
        this.pause = pause;
        this.notices = notices;
    }

    /** Makes attempts until one succeeds, stops for good, or there have been enough. */
    <T> T call(Attempt<T> attempt) throws StoppedException, InterruptedException {
        for (int number = 1; ; number++) {
            try {
                return attempt.call();
            } catch (TryAgainException failure) {
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

    /** One attempt. */
    interface Attempt<T> {
        /**
         * Sends the request.
         *
         * @throws TryAgainException if it failed for now
         * @throws StoppedException if it would fail again
         */
        T call() throws TryAgainException, StoppedException, InterruptedException;
    }

    /** Waits. */
    interface Pause {
        /** Waits for so long. */
        void pause(Duration duration) throws InterruptedException;
    }
}
