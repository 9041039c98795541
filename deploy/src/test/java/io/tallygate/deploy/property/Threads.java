package io.tallygate.deploy.property;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What goes on at once in a run; whatever fails in one of them fails the run. */
final class Threads implements AutoCloseable {
    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final Queue<Future<?>> running = new ConcurrentLinkedQueue<>();

    void beside(Runnable work) {
        running.add(executor.submit(work));
    }

    /** Waits for all that was begun. */
    void join() {
        for (Future<?> next = running.poll(); next != null; next = running.poll()) {
            try {
                next.get(5, TimeUnit.MINUTES);
            } catch (ExecutionException failed) {
                throw new AssertionError(failed.getCause().getMessage(), failed.getCause());
            } catch (InterruptedException | TimeoutException none) {
                throw new AssertionError(none);
            }
        }
    }

    /** Whether something has failed already. */
    boolean hasFailed() {
        return running.stream().anyMatch(one -> one.isDone() && failed(one));
    }

    private static boolean failed(Future<?> done) {
        try {
            done.get();
            return false;
        } catch (ExecutionException | InterruptedException failed) {
            return true;
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
