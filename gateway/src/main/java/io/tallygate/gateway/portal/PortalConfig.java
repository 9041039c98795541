package io.tallygate.gateway.portal;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How people sign in to the portal.
 *
 * @param discovery the OpenID discovery document of who signs them in
 * @param caPem the certificate authorities (PEM) that alone may vouch for it, by default those of the Java runtime
 * @param clientId what the portal is called there
 * @param clientSecret empty for a public client
 * @param scope what is asked for, separated by blanks
 * @param secrets the first seals tokens and makes cookies; all of them open old ones
 * @param idleTimeout a session that is not used for so long is over
 * @param maxAge a session is over after that, whatever is done with it
 */
public record PortalConfig(
        URI discovery,
        Optional<String> caPem,
        String clientId,
        Optional<String> clientSecret,
        String scope,
        List<String> secrets,
        Duration idleTimeout,
        Duration maxAge) {
    /** What is asked for unless the settings say otherwise. */
    public static final String DEFAULT_SCOPE = "openid profile offline_access";

    /** Copies the secrets. */
    public PortalConfig {
        secrets = List.copyOf(secrets);
    }

    /** Shows no secret. */
    @Override
    public String toString() {
        return "PortalConfig[" + discovery + ", " + clientId + "]";
    }
}
