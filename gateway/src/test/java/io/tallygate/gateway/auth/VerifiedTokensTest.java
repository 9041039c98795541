package io.tallygate.gateway.auth;

import static io.tallygate.gateway.testing.Settled.settled;
import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.gateway.http.ApiException;
import io.tallygate.gateway.http.RefusalReason;
import io.tallygate.gateway.testing.SignatureChecks;
import io.tallygate.gateway.testing.SigningKey;
import io.tallygate.gateway.testing.TestTokens;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A token that comes again: its signature is not checked again, everything else is. */
class VerifiedTokensTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final String ISSUER = "https://login.example/v2.0";

    private final Vertx vertx = Vertx.vertx();
    private final SigningKey rsa = SigningKey.rsa("rsa");
    private final TestTokens tokens = new TestTokens(ISSUER, NOW, rsa, SigningKey.ec("ec"));
    private final String good = tokens.good("RS256");
    private final ManualClock clock = new ManualClock(NOW);
    private List<SigningKey> published = List.of(rsa);
    private SignatureChecks checks;
    private IssuerKeys keys;
    private TokenVerifier verifier;

    @BeforeEach
    void accept() {
        checks = SignatureChecks.open();
        AuthConfig config = AuthConfig.of(
                List.of(TestVerifiers.issuer(ISSUER, Set.of(TestTokens.TENANT))),
                Set.of(TestTokens.AUDIENCE),
                TestTokens.OPERATOR);
        keys = new IssuerKeys(
                ISSUER, vertx, config, clock, () -> Future.succeededFuture(TestVerifiers.verificationKeys(published)));
        verifier = new TokenVerifier(
                config, clock, List.of(new TokenVerifier.Issuer(config.issuers().get(0), keys)));
        settled(keys.refresh());
        checks.taken();
        assertThat(settled(verifier.verify(good)).succeeded()).isTrue();
        assertThat(checks.taken()).isEqualTo(1);
    }

    @AfterEach
    void close() {
        checks.close();
        settled(vertx.close());
    }

    @Test
    void isNotCheckedAgain() {
        assertThat(settled(verifier.verify(new String(good.toCharArray())))
                        .result()
                        .tenantId())
                .isEqualTo(TestTokens.TENANT);
        assertThat(checks.taken()).isZero();
    }

    @Test
    void anotherSignatureUnderTheSameWordsIsChecked() {
        String other = good.substring(0, good.lastIndexOf('.') + 1) + SigningKey.encode(new byte[256]);
        assertThat(refusal(other)).isEqualTo(RefusalReason.BAD_SIGNATURE);
        assertThat(checks.taken()).isEqualTo(1);
    }

    @Test
    void whatWasRefusedIsCheckedAgain() {
        String stranger = SigningKey.rsa("rsa")
                .token("RS256", tokens.header("RS256").encode(), tokens.claims().encode());
        assertThat(refusal(stranger)).isEqualTo(RefusalReason.BAD_SIGNATURE);
        assertThat(refusal(stranger)).isEqualTo(RefusalReason.BAD_SIGNATURE);
        assertThat(checks.taken()).isEqualTo(2);
    }

    @Test
    void isRefusedOnceItHasExpired() {
        clock.advance(Duration.ofHours(2));
        settled(keys.refresh());
        settled(verifier.verify(good));
        assertThat(refusal(good)).isEqualTo(RefusalReason.EXPIRED);
    }

    @Test
    void isCheckedAgainOnceTheKeysWereFetchedAnew() {
        settled(keys.refresh());
        checks.taken();
        assertThat(settled(verifier.verify(good)).succeeded()).isTrue();
        assertThat(checks.taken()).isEqualTo(1);
    }

    @Test
    void isRefusedOnceItsKeyIsWithdrawn() {
        published = List.of(SigningKey.rsa("another"));
        settled(keys.refresh());
        assertThat(refusal(good)).isEqualTo(RefusalReason.UNKNOWN_KEY);
    }

    private RefusalReason refusal(String token) {
        Future<Caller> result = settled(verifier.verify(token));
        assertThat(result.failed()).as("refused").isTrue();
        return ((ApiException) result.cause()).reason().orElseThrow();
    }
}
