package io.tallygate.deploy;

import io.tallygate.deploy.config.ShutdownConfig;
import io.tallygate.gateway.GatewayVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** The public servers: one for each processor, all on one port. They leave together. */
final class GatewayServers {
    private final Vertx vertx;
    private final ShutdownConfig shutdown;
    private final List<GatewayVerticle> servers = new CopyOnWriteArrayList<>();
    private volatile String deployment;

    /** None yet. */
    GatewayServers(Vertx vertx, ShutdownConfig shutdown) {
        this.vertx = vertx;
        this.shutdown = shutdown;
    }

    /** Starts them; each is made anew. */
    Future<Void> start(Supplier<GatewayVerticle> server) {
        int instances = Math.max(1, Runtime.getRuntime().availableProcessors());
        return vertx.deployVerticle(() -> entered(server.get()), new DeploymentOptions().setInstances(instances))
                .onSuccess(deployed -> deployment = deployed)
                .mapEmpty();
    }

    /** The port, once started. */
    int port() {
        return servers.get(0).port();
    }

    /**
     * Asks callers to leave and serves on for {@link ShutdownConfig#delay()}, so that whoever sends them here can notice; then
     * takes nothing new, and lets what is in flight end.
     */
    Future<Void> stop() {
        if (deployment == null) {
            return Future.succeededFuture();
        }
        servers.forEach(GatewayVerticle::leave);
        return delay().compose(noticed -> vertx.undeploy(deployment));
    }

    private GatewayVerticle entered(GatewayVerticle server) {
        servers.add(server);
        return server;
    }

    private Future<Void> delay() {
        if (shutdown.delay().isZero()) {
            return Future.succeededFuture();
        }
        Promise<Void> over = Promise.promise();
        vertx.setTimer(Math.max(1, shutdown.delay().toMillis()), noticed -> over.complete());
        return over.future();
    }
}
