package io.tallygate.gateway.export;

import io.tallygate.store.directory.TenantId;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.function.Supplier;

/**
 * What all streams of a process share, on all its event loops: how many there may be, and how many of them may read from
 * the database at the same moment, so that they always leave connections to everybody else.
 */
public final class StreamLimits {
    private static final int SHARE = 4;

    private final int streams;
    private final Duration patience;
    private final Map<TenantId, Integer> ofTenants = new HashMap<>();
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private int open;
    private int freeReads;

    /**
     * Limits for one process.
     *
     * @param streams at the same time at the most
     * @param reads from the database at the same moment at the most
     * @param patience how long a stream waits for a reader that takes nothing, and for a database that is away
     */
    public StreamLimits(int streams, int reads, Duration patience) {
        this.streams = streams;
        this.freeReads = reads;
        this.patience = patience;
    }

    /** How long a stream waits for its reader or for the database. */
    public Duration patience() {
        return patience;
    }

    /** How many streams there may be. */
    public int streams() {
        return streams;
    }

    /** Counts one stream more of a tenant; false if there are, or it has, as many as may be. */
    public synchronized boolean begin(TenantId tenant) {
        int own = ofTenants.getOrDefault(tenant, 0);
        if (open == streams || own == perTenant()) {
            return false;
        }
        open++;
        ofTenants.put(tenant, own + 1);
        return true;
    }

    /** Counts one stream less of a tenant. */
    public synchronized void end(TenantId tenant) {
        open--;
        ofTenants.computeIfPresent(tenant, (same, own) -> own == 1 ? null : own - 1);
    }

    /** How many streams one tenant may have: a quarter, so that none takes all the places. */
    public int perTenant() {
        return Math.max(1, streams / SHARE);
    }

    /** Reads when it is this one's turn. The work begins, and its future completes, on the context of the caller. */
    <T> Future<T> read(Vertx vertx, Supplier<Future<T>> work) {
        Context context = vertx.getOrCreateContext();
        Promise<T> result = Promise.promise();
        inTurn(() -> context.runOnContext(turn -> start(work, result)));
        return result.future();
    }

    private <T> void start(Supplier<Future<T>> work, Promise<T> result) {
        Future.<Void>succeededFuture().compose(now -> work.get()).onComplete(done -> {
            leave();
            result.handle(done);
        });
    }

    private void inTurn(Runnable start) {
        synchronized (waiting) {
            if (freeReads == 0) {
                waiting.add(start);
                return;
            }
            freeReads--;
        }
        start.run();
    }

    private void leave() {
        Runnable next;
        synchronized (waiting) {
            next = waiting.poll();
            if (next == null) {
                freeReads++;
                return;
            }
        }
        next.run();
    }
}
