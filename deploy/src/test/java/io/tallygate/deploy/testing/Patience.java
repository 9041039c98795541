package io.tallygate.deploy.testing;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Lets what a test waits for take a minute: it shares the machine with another test process, and with whatever else is
 * built there. A wait ends when it has what it waits for, so patience costs nothing. JUnit finds it by itself.
 */
public final class Patience implements BeforeAllCallback {
    @Override
    public void beforeAll(ExtensionContext context) {
        Awaitility.setDefaultTimeout(Duration.ofMinutes(1));
    }
}
