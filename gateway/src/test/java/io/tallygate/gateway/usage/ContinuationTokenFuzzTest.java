package io.tallygate.gateway.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tallygate.gateway.http.ApiError;
import io.tallygate.gateway.http.ApiException;
import io.tallygate.gateway.usage.ContinuationTokens.Continuation;
import io.tallygate.store.aggregate.AggregationGranularity;
import io.tallygate.store.aggregate.PagePosition;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Continuation tokens: of all texts, only one that the gateway itself wrote is opened. */
final class ContinuationTokenFuzzTest {
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
    private static final String BINDING = "the path and the caller";
    private static final ContinuationTokens TOKENS = new ContinuationTokens(List.of("the newer secret", "the older"));
    private static final Instant DAY = Instant.parse("2026-11-20T00:00:00Z");
    private static final String GOOD = TOKENS.seal(
            new Continuation(
                    new UsageRequest(AggregationGranularity.Daily, DAY.minusSeconds(86_400), DAY, Optional.empty()),
                    new PagePosition(DAY, 123_456)),
            BINDING);

    @FuzzTest
    void nothingElseIsOpened(byte[] data) {
        refused(new String(data, StandardCharsets.UTF_8));
        refused(ENCODER.encodeToString(data));
        byte[] bent = Base64.getUrlDecoder().decode(GOOD);
        for (int i = 0; i < data.length; i++) {
            bent[i % bent.length] ^= data[i];
        }
        refused(ENCODER.encodeToString(bent));
        refused(ENCODER.encodeToString(Arrays.copyOf(bent, data.length)));
    }

    private static void refused(String token) {
        if (token.equals(GOOD)) {
            assertThat(TOKENS.open(token, BINDING).request().reportedEnd()).isEqualTo(DAY);
            return;
        }
        assertThatThrownBy(() -> TOKENS.open(token, BINDING))
                .isInstanceOfSatisfying(
                        ApiException.class,
                        refusal -> assertThat(refusal.error()).isEqualTo(ApiError.InvalidProperty))
                .hasMessageContaining("`continuationToken`");
    }
}
