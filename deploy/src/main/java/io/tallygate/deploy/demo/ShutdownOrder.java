package io.tallygate.deploy.demo;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CancellationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What has been started, closed in the reverse order: at Ctrl-C, also in the middle of a start, or after a failure. */
final class ShutdownOrder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ShutdownOrder.class);

    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    private boolean closing;

    /**
     * Adds what has just been started.
     *
     * @throws CancellationException if the shutdown has begun; the thing is closed then
     */
    <T extends AutoCloseable> T add(T part) {
        synchronized (started) {
            if (!closing) {
                started.push(part);
                return part;
            }
        }
        close(part);
        throw new CancellationException("the demo is stopping");
    }

    /** Whether the shutdown has begun. */
    boolean isClosing() {
        synchronized (started) {
            return closing;
        }
    }

    /** Closes everything, the last started first; a part that fails is logged and does not keep the others. */
    @Override
    public synchronized void close() {
        synchronized (started) {
            closing = true;
        }
        while (!started.isEmpty()) {
            close(started.pop());
        }
    }

    private static void close(AutoCloseable part) {
        try {
            part.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            LOG.error("{} did not stop cleanly", part.getClass().getSimpleName(), e);
        }
    }
}
