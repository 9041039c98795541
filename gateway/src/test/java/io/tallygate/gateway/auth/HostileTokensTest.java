package io.tallygate.gateway.auth;

import static io.tallygate.gateway.testing.Settled.settled;
import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.gateway.http.ApiError;
import io.tallygate.gateway.http.ApiException;
import io.tallygate.gateway.http.RefusalReason;
import io.tallygate.gateway.testing.EcSignature;
import io.tallygate.gateway.testing.HostileToken;
import io.tallygate.gateway.testing.HostileTokens;
import io.tallygate.gateway.testing.SignatureChecks;
import io.tallygate.gateway.testing.SigningKey;
import io.tallygate.gateway.testing.TestTokens;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The whole corpus against the verifier: why each is refused, and what it costs. */
class HostileTokensTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final SigningKey RSA = SigningKey.rsa("rsa");
    private static final SigningKey EC = SigningKey.ec("ec");
    private static final TestTokens GOOD = new TestTokens("https://login.example/v2.0", NOW, RSA, EC);
    private static final TestTokens NEIGHBOUR =
            new TestTokens("https://neighbour.example/v2.0", NOW, SigningKey.rsa("rsa"), SigningKey.ec("ec"));
    private static final List<HostileToken> HOSTILE = HostileTokens.all(GOOD, NEIGHBOUR, "https://trap.example/keys");
    private static final Vertx VERTX = Vertx.vertx();

    private static SignatureChecks checks;
    private static TokenVerifier verifier;

    /** Not in the static initializer: the keys come from another thread, which would wait for it. */
    @BeforeAll
    static void fetchKeys() {
        checks = SignatureChecks.open();
        verifier = verifier(List.of(RSA, EC));
    }

    @AfterAll
    static void close() {
        checks.close();
        settled(VERTX.close());
    }

    @TestFactory
    Stream<DynamicTest> refusesEachForItsReason() {
        assertThat(HOSTILE).hasSizeGreaterThan(400);
        return HOSTILE.stream()
                .map(hostile -> DynamicTest.dynamicTest(hostile.toString(), () -> assertRefused(hostile)));
    }

    @Test
    void everyReasonToRefuseATokenIsInTheCorpus() {
        Set<RefusalReason> reasons = new HashSet<>();
        HOSTILE.forEach(hostile -> reasons.add(hostile.reason()));

        assertThat(reasons)
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(RefusalReason.values())
                        .filter(reason -> reason.status() == 401)
                        .filter(reason -> !Set.of(
                                        RefusalReason.NO_CREDENTIAL,
                                        RefusalReason.MALFORMED_HEADER,
                                        RefusalReason.SEVERAL_CREDENTIALS,
                                        RefusalReason.KEYS_OFF,
                                        RefusalReason.KEY_UNKNOWN,
                                        RefusalReason.KEY_EXPIRED,
                                        RefusalReason.KEY_REVOKED,
                                        RefusalReason.SESSION_UNKNOWN,
                                        RefusalReason.SESSION_OVER,
                                        RefusalReason.SESSION_NOT_RENEWED,
                                        RefusalReason.NOT_CHECKED)
                                .contains(reason))
                        .toList());
    }

    /** A good token costs one check of a signature the first time, and so does the dearest of the bad. */
    @Test
    void noneCostsMoreChecksThanAGoodOne() {
        TokenVerifier fresh = verifier(List.of(RSA, EC));
        for (String algorithm : List.of("RS256", "PS256", "ES256")) {
            checks.taken();
            assertThat(settled(fresh.verify(GOOD.good(algorithm))).succeeded()).isTrue();
            assertThat(checks.taken()).as(algorithm).isEqualTo(1);
        }
        int all = 0;
        for (HostileToken hostile : HOSTILE) {
            settled(verifier.verify(hostile.token()));
            int taken = checks.taken();
            assertThat(taken).as(hostile.toString()).isLessThanOrEqualTo(1);
            all += taken;
        }
        assertThat(all).as("some get as far as that").isPositive();
    }

    @Test
    void aTokenWithoutKeyIdIsTriedWithAFewKeysOnly() {
        JsonObject header = GOOD.header("RS256");
        header.remove("kid");
        String token = GOOD.token(header, GOOD.claims());
        String stranger = SigningKey.rsa("rsa")
                .token("RS256", header.encode(), GOOD.claims().encode());
        TokenVerifier few = verifier(keys(KeySet.MAX_CHECKS - 1));
        TokenVerifier many = verifier(keys(KeySet.MAX_CHECKS));
        checks.taken();

        assertThat(settled(few.verify(token)).succeeded()).isTrue();
        assertThat(checks.taken()).isLessThanOrEqualTo(KeySet.MAX_CHECKS);
        assertThat(refusal(few, stranger).reason()).contains(RefusalReason.BAD_SIGNATURE);
        assertThat(checks.taken()).isEqualTo(KeySet.MAX_CHECKS);
        assertThat(refusal(many, token).reason()).contains(RefusalReason.UNKNOWN_KEY);
        assertThat(refusal(many, stranger).reason()).contains(RefusalReason.UNKNOWN_KEY);
        assertThat(checks.taken()).isZero();
    }

    @TestFactory
    Stream<DynamicTest> whatClaimsRightsInVainIsBelievedWithoutThem() {
        return HostileTokens.powerless(GOOD).stream()
                .map(hostile -> DynamicTest.dynamicTest(hostile.toString(), () -> {
                    Future<Caller> caller = settled(verifier.verify(hostile.token()));
                    assertThat(caller.result().roles())
                            .doesNotContain(Role.USAGE_READ_ALL, Role.REGISTRATION_READ_WRITE, Role.USAGE_REPORT);
                }));
    }

    /**
     * Everyone can turn an ECDSA signature (r, s) into (r, order - s), which verifies too; issuers give either, and no
     * RFC asks for the lower. The token says the same, so it is the same caller: nothing may depend on a token's bytes.
     */
    @Test
    void theOtherFormOfAnEcSignatureIsTheSameCaller() {
        String token = GOOD.good("ES256");
        int dot = token.lastIndexOf('.');
        byte[] signature = Base64.getUrlDecoder().decode(token.substring(dot + 1));
        String other = token.substring(0, dot + 1)
                + SigningKey.encode(EcSignature.of(signature, EC).malleated());

        assertThat(other).isNotEqualTo(token);
        assertThat(settled(verifier.verify(other)).result())
                .isEqualTo(settled(verifier.verify(token)).result());
    }

    private static void assertRefused(HostileToken hostile) {
        ApiException refusal = refusal(verifier, hostile.token());
        assertThat(refusal.reason()).contains(hostile.reason());
        assertThat(refusal.error()).isEqualTo(ApiError.InvalidAuthenticationToken);
        assertThat(refusal.getStackTrace()).isEmpty();
        assertThat(refusal.getMessage())
                .startsWith("The access token is not accepted: ")
                .hasSizeLessThan(200);
        assertThat(hostile.token().split("\\.", -1))
                .filteredOn(part -> part.length() >= 20)
                .noneMatch(refusal.getMessage()::contains);
    }

    private static ApiException refusal(TokenVerifier verifier, String token) {
        Future<Caller> result = settled(verifier.verify(token));
        assertThat(result.failed()).as("refused").isTrue();
        return (ApiException) result.cause();
    }

    private static List<SigningKey> keys(int others) {
        return Stream.concat(IntStream.range(0, others).mapToObj(i -> SigningKey.rsa("other" + i)), Stream.of(RSA))
                .toList();
    }

    private static TokenVerifier verifier(List<SigningKey> keys) {
        AuthConfig config = AuthConfig.of(
                List.of(
                        TestVerifiers.issuer(GOOD.issuer(), Set.of(TestTokens.TENANT, TestTokens.OPERATOR)),
                        TestVerifiers.issuer(NEIGHBOUR.issuer(), Set.of(TestTokens.STRANGER))),
                Set.of(TestTokens.AUDIENCE),
                TestTokens.OPERATOR);
        return TestVerifiers.over(VERTX, config, CLOCK, List.of(keys, List.of(NEIGHBOUR.rsa(), NEIGHBOUR.ec())));
    }
}
