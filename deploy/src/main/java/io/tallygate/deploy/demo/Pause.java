package io.tallygate.deploy.demo;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;

/** Waiting on the demo's own threads, which are allowed to block. */
final class Pause {
    private Pause() {}

    /** Sleeps; an interrupt ends the work as an {@link InterruptedIOException}. */
    static void of(Duration duration) throws IOException {
        try {
            Thread.sleep(duration.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("interrupted while waiting").initCause(e);
        }
    }
}
