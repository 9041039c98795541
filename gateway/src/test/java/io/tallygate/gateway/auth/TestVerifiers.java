package io.tallygate.gateway.auth;

import static io.tallygate.gateway.testing.Settled.settled;
import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.gateway.testing.SigningKey;
import io.tallygate.store.directory.TenantId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Verifiers whose issuers' keys come from memory: nothing is fetched. */
final class TestVerifiers {
    private TestVerifiers() {}

    /** A verifier; of each issuer the keys that it publishes, in the order of the configuration. */
    static TokenVerifier over(Vertx vertx, AuthConfig config, Clock clock, List<List<SigningKey>> published) {
        assertThat(config.problems()).isEmpty();
        List<TokenVerifier.Issuer> issuers = new ArrayList<>();
        for (int i = 0; i < published.size(); i++) {
            IssuerConfig issuer = config.issuers().get(i);
            List<VerificationKey> keys = verificationKeys(published.get(i));
            IssuerKeys issuerKeys =
                    new IssuerKeys(issuer.issuer(), vertx, config, clock, () -> Future.succeededFuture(keys));
            settled(issuerKeys.refresh());
            issuers.add(new TokenVerifier.Issuer(issuer, issuerKeys));
        }
        return new TokenVerifier(config, clock, issuers);
    }

    /** An issuer that may speak for these tenants. */
    static IssuerConfig issuer(String issuer, Set<TenantId> tenants) {
        return new IssuerConfig(
                issuer, tenants, Optional.of(URI.create("https://login.example/discovery")), Optional.empty());
    }

    /** The keys as the gateway reads them. */
    static List<VerificationKey> verificationKeys(List<SigningKey> keys) {
        return keys.stream()
                .flatMap(key ->
                        VerificationKey.of(SmallJson.object(key.jwk().encode().getBytes(StandardCharsets.UTF_8)))
                                .stream())
                .toList();
    }
}
