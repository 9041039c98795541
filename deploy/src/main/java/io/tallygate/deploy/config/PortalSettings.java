package io.tallygate.deploy.config;

import io.tallygate.gateway.auth.IssuerConfig;
import io.tallygate.gateway.portal.PortalConfig;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The settings of how people sign in to the portal. */
final class PortalSettings {
    private static final Duration DAY = Duration.ofDays(1);
    private static final int SECRET_LENGTH = 32;

    static final Setting<String> CLIENT_ID = Setting.of(
            "portal.clientId",
            ScalarTypes.text(),
            "what the portal is called where people sign in; without it there is no portal");
    static final Setting<String> CLIENT_SECRET = Setting.of(
                    "portal.clientSecret", ScalarTypes.text(), "its secret there; without it, it is a public client")
            .asSecret();
    static final Setting<URI> DISCOVERY = Setting.of(
            "portal.discovery",
            NetworkTypes.secureUrl(),
            "the OpenID discovery document of who signs people in; without it, that of the only issuer. Its certificate"
                    + " authorities are those of the issuer on the same host");
    static final Setting<String> SCOPE = Setting.of(
                    "portal.scope", ScalarTypes.text(), "what is asked for there, separated by blanks")
            .withDefault(PortalConfig.DEFAULT_SCOPE);
    static final Setting<String> API_SCOPE = Setting.of(
            "portal.apiScope",
            ScalarTypes.text(),
            "what is asked for beside, so that access tokens are for this gateway, such as `api://tallygate/.default`");
    static final Setting<String> SECRET = Setting.of(
                    "portal.secret",
                    ScalarTypes.text(SECRET_LENGTH),
                    "makes the portal's cookies and seals its tokens; 32 characters or more, the same in every gateway")
            .asSecret();
    static final Setting<List<String>> PREVIOUS_SECRETS = Setting.of(
                    "portal.previousSecrets",
                    ListTypes.of("list of texts", text -> ScalarTypes.requireLength(text, SECRET_LENGTH)),
                    "secrets whose sessions go on while the secret is changed; those of any other are over")
            .withDefault("")
            .asSecret();
    static final Setting<Duration> IDLE_TIMEOUT = Setting.of(
                    "portal.idleTimeout",
                    ScalarTypes.duration(Duration.ofMinutes(5), DAY),
                    "a session that is not used for so long is over")
            .withDefault("PT30M");
    static final Setting<Duration> MAX_AGE = Setting.of(
                    "portal.maxAge",
                    ScalarTypes.duration(Duration.ofMinutes(5), Duration.ofDays(30)),
                    "a session is over after that, whatever is done with it")
            .withDefault("PT12H");

    /** All of them, in the order of the documentation. */
    static final List<Setting<?>> ALL = List.of(
            CLIENT_ID, CLIENT_SECRET, DISCOVERY, SCOPE, API_SCOPE, SECRET, PREVIOUS_SECRETS, IDLE_TIMEOUT, MAX_AGE);

    private PortalSettings() {}

    /** Empty if there is no portal. */
    static Optional<PortalConfig> from(Configuration configuration) {
        return configuration.find(CLIENT_ID).map(client -> config(configuration, client));
    }

    private static PortalConfig config(Configuration configuration, String clientId) {
        List<IssuerConfig> issuers = configuration.get(Settings.AUTH_ISSUERS);
        URI discovery = discovery(configuration.find(DISCOVERY), issuers)
                .orElseThrow(() -> new IllegalStateException("The checks refuse a portal without discovery"));
        return new PortalConfig(
                discovery,
                authorities(discovery, issuers),
                clientId,
                configuration.find(CLIENT_SECRET),
                Stream.concat(Stream.of(configuration.get(SCOPE)), configuration.find(API_SCOPE).stream())
                        .reduce((scope, more) -> scope + " " + more)
                        .orElseThrow(),
                Stream.concat(configuration.find(SECRET).stream(), configuration.get(PREVIOUS_SECRETS).stream())
                        .toList(),
                configuration.get(IDLE_TIMEOUT),
                configuration.get(MAX_AGE));
    }

    /** What is set, else that of the only issuer, unless its tokens have as many issuers as there are tenants. */
    static Optional<URI> discovery(Optional<URI> set, List<IssuerConfig> issuers) {
        return set.or(() -> issuers.size() == 1 && !issuers.get(0).isTemplate()
                ? Optional.of(issuers.get(0).discoveryUri())
                : Optional.empty());
    }

    // Who signs in is one of the issuers, under another path perhaps: whoever vouches for it there does so here.
    private static Optional<String> authorities(URI discovery, List<IssuerConfig> issuers) {
        return issuers.stream()
                .filter(issuer -> discovery.getRawAuthority().equalsIgnoreCase(authority(issuer)))
                .flatMap(issuer -> issuer.caPem().stream())
                .findFirst();
    }

    private static String authority(IssuerConfig issuer) {
        return issuer.discoveryUri().getRawAuthority();
    }
}
