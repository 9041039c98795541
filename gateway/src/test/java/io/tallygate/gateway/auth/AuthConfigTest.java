package io.tallygate.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallygate.gateway.testing.Settled;
import io.tallygate.gateway.testing.TestTokens;
import io.tallygate.store.directory.TenantId;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Defaults, and every mistake that can be made. */
class AuthConfigTest {
    private static final TenantId OPERATOR = TestTokens.OPERATOR;

    @Test
    void defaults() {
        AuthConfig config = config(issuer("https://a.example"));

        assertThat(config.problems()).isEmpty();
        assertThat(config.leeway()).hasSeconds(60);
        assertThat(config.keyRefresh()).hasMinutes(10);
        assertThat(config.keyMaxAge()).hasHours(24);
        assertThat(config.unknownKeyInterval()).hasSeconds(30);
        assertThat(config.roleNames())
                .containsEntry(Role.USAGE_READ, "Usage.Read")
                .containsEntry(Role.USAGE_READ_ALL, "Usage.Read.All")
                .containsEntry(Role.USAGE_READ_ROUTED, "Usage.Read.Routed")
                .containsEntry(Role.USAGE_REPORT, "Usage.Report")
                .containsEntry(Role.REGISTRATION_READ_WRITE, "Registration.ReadWrite")
                .hasSize(5);
    }

    @Test
    void aRoleCanBeRenamedAlone() {
        AuthConfig config = roles(Map.of(Role.USAGE_READ, "Reader"));

        assertThat(config.roleNames())
                .containsEntry(Role.USAGE_READ, "Reader")
                .containsEntry(Role.USAGE_REPORT, "Usage.Report");
        assertThat(roles(Map.of(Role.USAGE_READ, " ")).problems())
                .containsExactly("roleNames.USAGE_READ: must not be blank");
    }

    @Test
    void discoveryIsBelowTheIssuer() {
        assertThat(issuer("https://a.example/x").discoveryUri())
                .hasToString("https://a.example/x/.well-known/openid-configuration");
        assertThat(issuer("https://a.example/x/").discoveryUri())
                .hasToString("https://a.example/x/.well-known/openid-configuration");
    }

    @Test
    void namesAllProblemsAtOnce() {
        AuthConfig config = new AuthConfig(
                List.of(issuer("http://a.example"), issuer("https://b.example"), issuer("https://B.example")),
                Set.of(),
                OPERATOR,
                Map.of(),
                Duration.ofHours(1),
                Duration.ofHours(2),
                Duration.ofHours(1),
                Duration.ZERO);

        assertThat(config.problems())
                .containsExactly(
                        "issuers[0].issuer: must be an https URL with a host",
                        "issuers[2].issuer: is configured twice (https://B.example)",
                        "issuers: only one may speak for any tenant (*)",
                        "audiences: at least one is needed, and none may be blank",
                        "leeway: must be from PT0S to PT10M, not PT1H",
                        "keyMaxAge: must be from PT2H to PT8760H, not PT1H",
                        "unknownKeyInterval: must be from PT1S to PT1H, not PT0S");
    }

    @Test
    void someoneMustSpeakForTheOperator() {
        IssuerConfig stranger =
                new IssuerConfig("https://a.example", Set.of(TestTokens.TENANT), Optional.empty(), Optional.empty());

        assertThat(config(stranger).problems())
                .containsExactly("operatorTenant: no issuer may speak for it, so no operator could ever sign in");
        assertThat(config().problems()).containsExactly("issuers: at least one is needed");
    }

    @Test
    void namesTheProblemsOfAnIssuer() {
        assertThat(issuer("nonsense").problems()).containsExactly("issuer: must be an https URL with a host");
        assertThat(issuer("https://a b").problems()).containsExactly("issuer: must be an https URL");
        assertThat(issuer("https://a.example/?x").problems()).containsExactly("issuer: must have no query");
        assertThat(issuer("https://u@a.example/").problems())
                .containsExactly("issuer: must be an https URL without user and fragment");
        assertThat(issuer("https://a.example/{tenantId}").problems())
                .containsExactly("discovery: must be given, because the issuer contains {tenantId}");
        assertThat(discovered("https://a.example/{tenantId}/{tenantId}", "https://a.example/d")
                        .problems())
                .containsExactly("issuer: may contain {tenantId} only once");
        assertThat(discovered("https://a.example/{tenantId}", "https://a.example/d")
                        .problems())
                .isEmpty();
        assertThat(discovered("https://a.example", "http://a.example/d").problems())
                .containsExactly("discovery: must be an https URL with a host");
        assertThat(new IssuerConfig("https://a.example", Set.of(), Optional.empty(), Optional.of("no PEM")).problems())
                .containsExactly("caPem: must hold at least one X.509 certificate in PEM");
    }

    @Test
    void aBadConfigStartsNothing() {
        Vertx vertx = Vertx.vertx();
        try {
            assertThatThrownBy(() -> Authentication.create(vertx, config(), Clock.systemUTC()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("auth: issuers: at least one is needed");
        } finally {
            Settled.settled(vertx.close());
        }
    }

    private static AuthConfig config(IssuerConfig... issuers) {
        return AuthConfig.of(List.of(issuers), Set.of("usage"), OPERATOR);
    }

    private static AuthConfig roles(Map<Role, String> names) {
        return new AuthConfig(
                List.of(issuer("https://a.example")),
                Set.of("usage"),
                OPERATOR,
                names,
                AuthConfig.DEFAULT_LEEWAY,
                AuthConfig.DEFAULT_KEY_REFRESH,
                AuthConfig.DEFAULT_KEY_MAX_AGE,
                AuthConfig.DEFAULT_UNKNOWN_KEY_INTERVAL);
    }

    private static IssuerConfig issuer(String issuer) {
        return new IssuerConfig(issuer, Set.of(), Optional.empty(), Optional.empty());
    }

    private static IssuerConfig discovered(String issuer, String discovery) {
        return new IssuerConfig(issuer, Set.of(), Optional.of(URI.create(discovery)), Optional.empty());
    }
}
