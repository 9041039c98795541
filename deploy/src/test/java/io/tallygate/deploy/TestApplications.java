package io.tallygate.deploy;

import io.tallygate.deploy.config.ServeConfig;
import io.tallygate.deploy.demo.GatewayStarter;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.util.Optional;

/** Opens what only this package may do with an application to the tests of others. */
public final class TestApplications {
    private TestApplications() {}

    public static Application startPaused(Vertx vertx, ServeConfig config) {
        return Application.startPaused(vertx, config, StartOptions.NONE);
    }

    public static Application startRestored(Vertx vertx, ServeConfig config) {
        return Application.start(vertx, config, new StartOptions(true, Optional.empty(), Optional.empty()));
    }

    public static Future<Void> startBackgroundWork(Application application) {
        return application.startBackgroundWork();
    }

    public static int port(Application application) {
        return application.port();
    }

    /** The gateway that the demo runs. */
    public static GatewayStarter demoGateway() {
        return DemoGateway::start;
    }

    public static URI managementUrl(Application application) {
        return application.managementUrl();
    }
}
