package io.tallygate.deploy.demo;

/** Starts a gateway for the demo: schema, roles, application. The one seam between the demo and the real thing. */
@FunctionalInterface
public interface GatewayStarter {
    /**
     * Migrates the schema and starts a gateway that serves requests, but neither seals nor routes before
     * {@link RunningGateway#startBackgroundWork()}.
     *
     * @throws Exception whatever keeps it from starting; the message is shown to the user
     */
    RunningGateway start(DemoEnvironment environment) throws Exception;
}
