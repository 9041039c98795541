package io.tallygate.gateway.http;

import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes of bodies lie in memory at the same time, of all requests of the process: many bodies that are each small
 * enough would fill it too. All event loops share it.
 */
public final class BodyBudget {
    private static final String KEY = BodyBudget.class.getName();
    private static final int SHARE_OF_HEAP = 8;
    private static final BodyBudget DEFAULT = new BodyBudget(0);

    private final long most;
    private final AtomicLong held = new AtomicLong();

    /**
     * Nothing is held.
     *
     * @param most bytes; 0 for an eighth of the heap
     */
    public BodyBudget(long most) {
        this.most = most > 0 ? most : Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP;
    }

    /** That of a request. */
    static BodyBudget of(RoutingContext ctx) {
        BodyBudget own = ctx.get(KEY);
        return own == null ? DEFAULT : own;
    }

    void putOn(RoutingContext ctx) {
        ctx.put(KEY, this);
    }

    /** Begins to hold the body of this request, until it is answered or its caller is gone. */
    Held begin(RoutingContext ctx) {
        Held body = new Held();
        ctx.addEndHandler(over -> body.release());
        return body;
    }

    /** Bytes that are held. */
    long held() {
        return held.get();
    }

    /** What is held of one body; on one event loop. */
    final class Held {
        private long bytes;
        private boolean over;

        /** Holds so many bytes more; false, and none of them, if there may not be so many. */
        boolean add(int more) {
            if (over) {
                return false;
            }
            if (held.addAndGet(more) > most) {
                held.addAndGet(-more);
                return false;
            }
            bytes += more;
            return true;
        }

        /** Holds nothing any more; again it does nothing. */
        void release() {
            over = true;
            held.addAndGet(-bytes);
            bytes = 0;
        }
    }
}
