package io.tallygate.gateway.usage;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.tallygate.gateway.export.AnswerFormat;
import io.tallygate.gateway.http.ApiException;
import io.tallygate.gateway.http.QueryParameters;
import io.tallygate.gateway.http.WireText;
import io.tallygate.gateway.http.WireTime;
import io.vertx.core.MultiMap;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

/** Query strings of the usage routes: each is a request within its bounds, or a 400 that names what is wrong. */
final class UsageQueryFuzzTest {
    private static final int MAX_MESSAGE = 400;

    @DictionaryEntries({
        "reportedStartTime=",
        "reportedEndTime=",
        "aggregationGranularity=",
        "subscriberId=",
        "api-version=",
        "$format=",
        "Daily",
        "Hourly",
        "ndjson",
        "%2B00:00",
        "+00:00Z",
        "T23:59:60Z",
        "T24:00:00Z",
        "9999-12-31T23:59:59-18:00",
        "0000-01-01T00:00:00+18:00",
        "2026-02-29"
    })
    @FuzzTest
    void isARequestOrAnErrorThatNamesTheParameter(byte[] query) {
        MultiMap decoded = MultiMap.caseInsensitiveMultiMap();
        try {
            new QueryStringDecoder("/?" + new String(query, StandardCharsets.UTF_8))
                    .parameters()
                    .forEach(decoded::add);
        } catch (IllegalArgumentException notPercentEncoded) {
            return;
        }
        for (Map.Entry<String, String> parameter : decoded) {
            WireTime.parse(parameter.getValue()).ifPresent(UsageQueryFuzzTest::isWrittenAsItIsRead);
        }
        try {
            QueryParameters parameters = new QueryParameters(decoded);
            AnswerFormat.of(List.of(), parameters);
            UsageRequest request = UsageRequest.ofAdminRoute(parameters);
            assertThat(request.reportedStart()).isBefore(request.reportedEnd());
            assertThat(request.granularity().isBoundary(request.reportedStart()))
                    .isTrue();
            assertThat(request.granularity().isBoundary(request.reportedEnd())).isTrue();
            parameters.only("reportedStartTime", "reportedEndTime", "aggregationGranularity", "subscriberId");
        } catch (ApiException refusal) {
            assertThat(refusal.error().status()).isEqualTo(400);
            assertThat(refusal.getMessage()).contains("`").hasSizeLessThan(MAX_MESSAGE);
            assertThat(WireText.isClean(refusal.getMessage()))
                    .as(refusal.getMessage())
                    .isTrue();
        }
    }

    private static void isWrittenAsItIsRead(Instant time) {
        String written = WireTime.format(time);
        // What is beyond four digits for the year can be asked for by an offset only, and is never answered.
        if (!written.startsWith("+") && !written.startsWith("-")) {
            assertThat(WireTime.parse(written)).hasValue(time.truncatedTo(ChronoUnit.SECONDS));
        }
    }
}
