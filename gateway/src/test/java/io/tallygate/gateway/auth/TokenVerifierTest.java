package io.tallygate.gateway.auth;

import static io.tallygate.gateway.testing.Settled.settled;
import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.gateway.http.ApiError;
import io.tallygate.gateway.http.ApiException;
import io.tallygate.gateway.testing.SigningKey;
import io.tallygate.gateway.testing.TestTokens;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is believed and what is not; keys come from memory, nothing is fetched. */
class TokenVerifierTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final String ISSUER = "https://login.example/tenants/v2.0";
    private static final String TEMPLATE = "https://entra.example/{tenantId}/v2.0";
    private static final SigningKey RSA = SigningKey.rsa("rsa");
    private static final SigningKey EC = SigningKey.ec("ec");
    private static final SigningKey ENTRA = SigningKey.rsa("entra");
    private static final SigningKey EXACT = SigningKey.rsa("exact");
    private static final Vertx VERTX = Vertx.vertx();
    private static final TestTokens TOKENS = new TestTokens(ISSUER, NOW, RSA, EC);

    private static final AuthConfig CONFIG = AuthConfig.of(
            List.of(
                    TestVerifiers.issuer(ISSUER, Set.of(TestTokens.TENANT, TestTokens.OPERATOR)),
                    TestVerifiers.issuer(TEMPLATE, Set.of()),
                    TestVerifiers.issuer(
                            TEMPLATE.replace("{tenantId}", TestTokens.STRANGER.toString()), Set.of(TestTokens.TENANT))),
            Set.of(TestTokens.AUDIENCE, "second"),
            TestTokens.OPERATOR);
    private static TokenVerifier verifier;

    /** Not in the static initializer: the keys come from another thread, which would wait for it. */
    @BeforeAll
    static void fetchKeys() {
        verifier = verifier();
    }

    @AfterAll
    static void close() {
        settled(VERTX.close());
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS256", "PS256", "ES256"})
    void acceptsEachAlgorithm(String algorithm) {
        Caller caller = accepted(TOKENS.good(algorithm));

        assertThat(caller).isEqualTo(new Caller(TestTokens.TENANT, "alice", Set.of(Role.USAGE_READ), false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"JWT", "jwt", "at+jwt", "AT+JWT", "application/at+jwt"})
    void acceptsEachTypeOfAccessToken(String typ) {
        assertThat(accepted(TOKENS.token(TOKENS.header("RS256").put("typ", typ), TOKENS.claims())))
                .isNotNull();
    }

    @Test
    void acceptsATokenWithoutKeyId() {
        JsonObject header = TOKENS.header("RS256");
        header.remove("kid");

        assertThat(accepted(TOKENS.token(header, TOKENS.claims()))).isNotNull();
    }

    @Test
    void acceptsTimesWithinTheLeeway() {
        long now = NOW.getEpochSecond();

        assertThat(accepted(TOKENS.with(TOKENS.claims().put("exp", now - 59)))).isNotNull();
        assertThat(accepted(TOKENS.with(TOKENS.claims().put("nbf", now + 60).put("iat", now + 60))))
                .isNotNull();
    }

    @Test
    void refusesTimesBeyondTheLeeway() {
        long now = NOW.getEpochSecond();

        assertRefused(TOKENS.with(TOKENS.claims().put("exp", now - 60)));
        assertRefused(TOKENS.with(TOKENS.claims().put("nbf", now + 61)));
        assertRefused(TOKENS.with(TOKENS.claims().put("iat", now + 61)));
    }

    @Test
    void acceptsATokenWithOnlyWhatIsRequired() {
        JsonObject claims = new JsonObject()
                .put("iss", ISSUER)
                .put("tid", TestTokens.TENANT.toString())
                .put("aud", new JsonArray().add("other").add("second"))
                .put("exp", NOW.getEpochSecond() + 1)
                .put("client_id", "app");

        assertThat(accepted(TOKENS.with(claims))).isEqualTo(new Caller(TestTokens.TENANT, "app", Set.of(), false));
    }

    @Test
    void acceptsANonceInWhatIsClearlyAnAccessToken() {
        JsonObject claims = TOKENS.claims().put("nonce", "n");

        assertThat(accepted(TOKENS.with(claims.copy().put("scp", "usage")))).isNotNull();
        assertThat(accepted(TOKENS.token(TOKENS.header("RS256").put("typ", "at+jwt"), claims)))
                .isNotNull();
    }

    @Test
    void namesTheSubjectByTheFirstClaimThereIs() {
        JsonObject claims = TOKENS.claims().put("sub", "s").put("appid", "a").put("azp", "z");

        assertThat(accepted(TOKENS.with(claims)).subject()).isEqualTo("alice");
        claims.remove("oid");
        assertThat(accepted(TOKENS.with(claims)).subject()).isEqualTo("s");
        claims.remove("sub");
        assertThat(accepted(TOKENS.with(claims)).subject()).isEqualTo("a");
        claims.remove("appid");
        assertThat(accepted(TOKENS.with(claims)).subject()).isEqualTo("z");
    }

    @Test
    void ignoresOperatorRolesOutsideTheOperatorsTenant() {
        JsonArray all = new JsonArray(List.of(
                "Usage.Read", "Usage.Read.All", "Usage.Read.Routed", "Usage.Report", "Registration.ReadWrite", "x"));
        JsonObject claims = TOKENS.claims().put("roles", all);

        assertThat(accepted(TOKENS.with(claims)).roles()).containsExactly(Role.USAGE_READ);
        Caller operator = accepted(TOKENS.with(claims.put("tid", TestTokens.OPERATOR.toString())));
        assertThat(operator.operator()).isTrue();
        assertThat(operator.roles()).containsExactlyInAnyOrder(Role.values());
    }

    @Test
    void comparesRoleNamesExactly() {
        JsonObject claims =
                TOKENS.claims().put("roles", new JsonArray(List.of("usage.read", "Usage.Read ", "Usage", "")));

        assertThat(accepted(TOKENS.with(claims)).roles()).isEmpty();
    }

    /** One flipped bit anywhere in the bytes of a token. */
    @Test
    void refusesEveryFlippedBit() {
        String token = TOKENS.good("ES256");
        for (int i = 0; i < token.length(); i++) {
            for (int bit = 0; bit < 7; bit++) {
                StringBuilder spoiled = new StringBuilder(token);
                spoiled.setCharAt(i, (char) (token.charAt(i) ^ (1 << bit)));
                assertRefused(spoiled.toString());
            }
        }
    }

    @Test
    void refusesEveryTruncation() {
        String token = TOKENS.good("RS256");
        for (int length = 0; length < token.length(); length++) {
            assertRefused(token.substring(0, length));
        }
    }

    @Test
    void believesAMultitenantIssuerOnlyAboutTheTenantInItsName() {
        TestTokens entra = new TestTokens(TEMPLATE.replace("{tenantId}", TestTokens.TENANT.toString()), NOW, ENTRA, EC);

        assertThat(accepted(entra.good("RS256")).tenantId()).isEqualTo(TestTokens.TENANT);
        assertRefused(entra.with(entra.claims().put("tid", TestTokens.OPERATOR.toString())));
        assertRefused(entra.with(entra.claims().put("iss", TEMPLATE)));
        assertRefused(entra.with(entra.claims().put("iss", entra.issuer() + "/")));
    }

    @Test
    void letsAnExactIssuerDecideAloneEvenIfATemplateMatches() {
        String issuer = TEMPLATE.replace("{tenantId}", TestTokens.STRANGER.toString());
        JsonObject claims = TOKENS.claims().put("iss", issuer).put("tid", TestTokens.STRANGER.toString());

        assertRefused(new TestTokens(issuer, NOW, ENTRA, EC).with(claims));
        assertRefused(new TestTokens(issuer, NOW, EXACT, EC).with(claims));
    }

    @Test
    void refusesAKeyOfAnotherIssuer() {
        TestTokens entra = new TestTokens(TEMPLATE.replace("{tenantId}", TestTokens.TENANT.toString()), NOW, ENTRA, EC);

        assertRefused(new TestTokens(entra.issuer(), NOW, RSA, EC).good("RS256"));
        assertRefused(new TestTokens(ISSUER, NOW, ENTRA, EC).good("RS256"));
    }

    @Test
    void saysWhyWithoutTheToken() {
        assertThat(refusal(TOKENS.with(TOKENS.claims().put("exp", 0))).getMessage())
                .isEqualTo("The access token is not accepted: it has expired.");
        assertThat(refusal(TOKENS.with(TOKENS.claims().put("aud", "secret-audience")))
                        .getMessage())
                .contains("`aud`")
                .doesNotContain("secret-audience");
    }

    @Test
    void neverShowsTheTokenInText() {
        assertThat(Token.parse(TOKENS.good("RS256")).toString()).isEqualTo("Token[RS256]");
    }

    private static void assertRefused(String token) {
        ApiException refusal = refusal(token);
        assertThat(refusal.error()).isEqualTo(ApiError.InvalidAuthenticationToken);
        assertThat(refusal.getStackTrace()).isEmpty();
        assertThat(refusal.getMessage())
                .startsWith("The access token is not accepted: ")
                .hasSizeLessThan(200);
        Set<String> quoted = new HashSet<>(List.of(token.split("\\.", -1)));
        quoted.removeIf(part -> part.length() < 20);
        assertThat(quoted).noneMatch(refusal.getMessage()::contains);
    }

    private static ApiException refusal(String token) {
        Future<Caller> result = settled(verifier.verify(token));
        assertThat(result.failed()).as("refused").isTrue();
        return (ApiException) result.cause();
    }

    private static Caller accepted(String token) {
        Future<Caller> result = settled(verifier.verify(token));
        assertThat(result.cause()).isNull();
        return result.result();
    }

    private static TokenVerifier verifier() {
        return TestVerifiers.over(
                VERTX,
                CONFIG,
                Clock.fixed(NOW, ZoneOffset.UTC),
                List.of(List.of(RSA, EC), List.of(ENTRA), List.of(EXACT)));
    }
}
