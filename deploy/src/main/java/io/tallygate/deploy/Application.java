package io.tallygate.deploy;

import io.tallygate.deploy.config.ServeConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

/** The running gateway. */
public final class Application implements RunningProcess.Service {
    private Application() {}

    /** Starts; {@link #ready()} tells when, or why not. */
    public static Application start(Vertx vertx, ServeConfig config) {
        return new Application();
    }

    @Override
    public Future<Void> ready() {
        return Future.failedFuture(new UnsupportedOperationException("serve is not built yet"));
    }

    @Override
    public Future<Void> stop() {
        return Future.succeededFuture();
    }
}
