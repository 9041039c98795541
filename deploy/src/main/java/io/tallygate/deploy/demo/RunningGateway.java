package io.tallygate.deploy.demo;

import java.net.URI;

/** A gateway that the demo has started in its own process. Methods block and throw what goes wrong. */
public interface RunningGateway extends AutoCloseable {
    /** Where clients reach it, {@code https://localhost:{port}} without a slash at the end. */
    URI baseUrl();

    /** Where health is told. */
    URI managementUrl();

    /** Lets sealing and routing begin. Called once, when the sample world is loaded. */
    void startBackgroundWork();

    /** Stops it: no new requests, those in flight end, then the rest. */
    @Override
    void close();
}
