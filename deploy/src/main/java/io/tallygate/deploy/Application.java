package io.tallygate.deploy;

import io.tallygate.deploy.config.ServeConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

/** The running gateway. */
public final class Application {
    private Application() {}

    /** Starts; {@link #ready()} tells when, or why not. */
    public static Application start(Vertx vertx, ServeConfig config) {
        return new Application();
    }

    /** Succeeds when callers are served; fails when they will not be. */
    public Future<Void> ready() {
        return Future.failedFuture(new UnsupportedOperationException("serve is not built yet"));
    }

    /** Stops taking requests, lets those in flight end, and closes what was opened; also while starting. */
    public Future<Void> stop() {
        return Future.succeededFuture();
    }
}
