package io.tallygate.gateway.http;

import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How long a body may take to arrive: a time, and a second longer for each 32 KiB of it. A timeout between two bytes would
 * not do: a body of a byte a second would hold its request for ever.
 *
 * @param atLeast the time without what arrived
 */
public record BodyPatience(Duration atLeast) {
    private static final String KEY = BodyPatience.class.getName();
    private static final long BYTES_A_SECOND = 32 << 10;
    private static final BodyPatience DEFAULT = new BodyPatience(ConnectionConfig.DEFAULT.bodyTimeout());

    /** That of a request. */
    static BodyPatience of(RoutingContext ctx) {
        BodyPatience own = ctx.get(KEY);
        return own == null ? DEFAULT : own;
    }

    void putOn(RoutingContext ctx) {
        ctx.put(KEY, this);
    }

    /** Begins to wait; {@code late} is called once, on the same context, if the waiting is not stopped in time. */
    Watch begin(Vertx vertx, Runnable late) {
        return new Watch(vertx, late);
    }

    /** The waiting for one body. */
    final class Watch {
        private final Vertx vertx;
        private final Runnable late;
        private final long began = System.nanoTime();
        private long received;
        private long timer;

        private Watch(Vertx vertx, Runnable late) {
            this.vertx = vertx;
            this.late = late;
            arm(atLeast.toMillis());
        }

        /** So many bytes more have arrived. */
        void received(int bytes) {
            received += bytes;
        }

        /** The body is there, or nobody waits for it any more. */
        void stop() {
            vertx.cancelTimer(timer);
        }

        private void arm(long millis) {
            timer = vertx.setTimer(Math.max(1, millis), passed -> look());
        }

        private void look() {
            long allowed = atLeast.toMillis() + TimeUnit.SECONDS.toMillis(received) / BYTES_A_SECOND;
            long passed = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
            if (passed < allowed) {
                arm(allowed - passed);
            } else {
                late.run();
            }
        }
    }
}
