package io.tallygate.gateway.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallygate.gateway.http.ApiException;
import io.tallygate.gateway.usage.ContinuationTokens.Continuation;
import io.tallygate.store.aggregate.AggregationGranularity;
import io.tallygate.store.aggregate.PagePosition;
import io.tallygate.store.directory.SubscriptionId;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ContinuationTokensTest {
    private static final Instant DAY = Instant.parse("2026-11-20T00:00:00Z");
    private static final Continuation CONTINUATION = new Continuation(
            new UsageRequest(
                    AggregationGranularity.Daily,
                    Instant.parse("1969-12-31T00:00:00Z"),
                    DAY,
                    Optional.of(new SubscriptionId(UUID.randomUUID()))),
            new PagePosition(DAY, 123_456));

    private final ContinuationTokens tokens = new ContinuationTokens(List.of("the first secret"));

    @Test
    void tokenSaysWhatWasSealedInItAndIsShortAndUrlSafe() {
        String token = tokens.seal(CONTINUATION, "binding");
        assertThat(tokens.open(token, "binding")).isEqualTo(CONTINUATION);
        assertThat(token).matches("[A-Za-z0-9_-]{1,100}");
    }

    @Test
    void samePageHasTheSameToken() {
        assertThat(tokens.seal(CONTINUATION, "binding")).isEqualTo(tokens.seal(CONTINUATION, "binding"));
    }

    @Test
    void everyFlippedBitIsRefused() {
        byte[] token = Base64.getUrlDecoder().decode(tokens.seal(CONTINUATION, "binding"));
        for (int bit = 0; bit < token.length * 8; bit++) {
            token[bit / 8] ^= (byte) (1 << (bit % 8));
            assertRefused(tokens, Base64.getUrlEncoder().withoutPadding().encodeToString(token), "binding");
            token[bit / 8] ^= (byte) (1 << (bit % 8));
        }
    }

    @Test
    void everyTruncationAndAnythingElseIsRefused() {
        String token = tokens.seal(CONTINUATION, "binding");
        for (int length = 0; length < token.length(); length++) {
            assertRefused(tokens, token.substring(0, length), "binding");
        }
        assertRefused(tokens, token + "A", "binding");
        assertRefused(tokens, token + "=", "binding");
        assertRefused(tokens, "not base64!", "binding");
    }

    @Test
    void tokenIsGoodOnlyForItsOwnPathAndCaller() {
        assertRefused(tokens, tokens.seal(CONTINUATION, "binding"), "another binding");
    }

    @Test
    void previousSecretStillOpensAndARetiredOneDoesNot() {
        String old = tokens.seal(CONTINUATION, "binding");
        ContinuationTokens rotating = new ContinuationTokens(List.of("the second secret", "the first secret"));
        assertThat(rotating.open(old, "binding")).isEqualTo(CONTINUATION);
        assertThat(tokens.seal(CONTINUATION, "binding")).isNotEqualTo(rotating.seal(CONTINUATION, "binding"));
        assertRefused(new ContinuationTokens(List.of("the second secret")), old, "binding");
    }

    private static void assertRefused(ContinuationTokens tokens, String token, String binding) {
        assertThatThrownBy(() -> tokens.open(token, binding))
                .as(token)
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("continuationToken");
    }

    // Links outlive an update of the gateway.
    @Test
    void aPageHasTheTokenThatAnEarlierVersionGaveIt() {
        Continuation known = new Continuation(
                new UsageRequest(
                        AggregationGranularity.Daily,
                        Instant.parse("2026-11-01T00:00:00Z"),
                        Instant.parse("2026-11-02T00:00:00Z"),
                        Optional.empty()),
                new PagePosition(Instant.parse("2026-11-01T00:00:00Z"), 7));

        assertThat(new ContinuationTokens(List.of("a secret of thirty-two characters")).seal(known, "binding"))
                .isEqualTo("xTkFPWBDhFwzf7q-zZcBEHjqpsGzhXSa4Vs9wK5uviXd1jSsYEPLhRirwO8AvkuGCtM6J4y1-lps0YQvpE18Cg");
    }
}
