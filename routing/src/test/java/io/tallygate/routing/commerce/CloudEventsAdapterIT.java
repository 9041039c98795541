package io.tallygate.routing.commerce;

import static io.tallygate.routing.commerce.ScriptedEndpoint.answer;
import static io.tallygate.store.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.routing.commerce.ScriptedEndpoint.Request;
import io.tallygate.routing.commerce.ScriptedEndpoint.Script;
import io.vertx.core.buffer.Buffer;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class CloudEventsAdapterIT extends CommerceAdapterContract {
    @Override
    String kind() {
        return "cloudevents";
    }

    @Override
    Map<String, String> options(String url) {
        return Map.of("url", url + "/api/v1/events", "token", "the-secret");
    }

    @Override
    Script good(Submission submission) {
        return answer(204, "");
    }

    @Test
    void sendsABatchOfEvents() {
        CommerceAdapter adapter = adapter(endpoint.url(), AMPLE);
        Submission submission = submission(adapter, 2);
        endpoint.says(good(submission));
        await(adapter.submit(submission));
        Request request = endpoint.requests().get(0);
        assertThat(request.line()).isEqualTo("POST /api/v1/events HTTP/1.1");
        assertThat(request.headers())
                .containsEntry("content-type", "application/cloudevents-batch+json; charset=utf-8")
                .containsEntry("authorization", "Bearer the-secret");
        assertThat(request.headers().get("traceparent"))
                .startsWith("00-" + submission.id().toString().replace("-", "") + "-");
        assertThat(request.body())
                .isEqualTo("[" + submission.events().get(0).body() + ","
                        + submission.events().get(1).body() + "]");
    }

    @Test
    void anEventHasTheAttributesOfTheSpecification() {
        Buffer body = adapter(endpoint.url(), AMPLE).body(Contents.event(PAYER, HOUR, new BigDecimal("-0.10")));
        assertThat(body.toString())
                .startsWith("{\"specversion\":\"1.0\",\"id\":\"")
                .endsWith("\",\"source\":\"urn:tallygate:test\",\"type\":\"tallygate.usage\",\"subject\":\"" + PAYER
                        + "\",\"time\":\"2026-11-20T10:00:00Z\",\"datacontenttype\":\"application/json\",\"data\":"
                        + "{\"quantity\":\"-0.1\",\"unit\":\"Hours\",\"meter\":\"meter-1\","
                        + "\"meterName\":\"CPU, \\\"big\\\"\",\"dimension\":\"vm-size-hours\","
                        + "\"tenant\":\"bbbbbbbb-0000-4000-8000-000000000001\","
                        + "\"subscription\":\"aaaaaaaa-0000-4000-8000-000000000001\","
                        + "\"resource\":\"/subscriptions/x/vm-ä\",\"location\":\"local\","
                        + "\"tags\":{\"team\":\"a,b\"},\"kind\":\"original\","
                        + "\"reportedTime\":\"2026-11-20T10:00:00Z\"}}");
    }

    @Test
    void onlyNoContentIsASuccess() {
        expect(Outcome.Nonsense, answer(200, "{}"), AMPLE);
        expect(Outcome.Nonsense, answer(201, ""), AMPLE);
    }

    @Test
    void sourceTypeAndTokenAreOptional() {
        CommerceAdapter adapter =
                adapter(endpoint.url(), AMPLE, Optional.empty(), Map.of("source", "urn:csp:one", "type", "csp.usage"));
        assertThat(submission(adapter, 1).events().get(0).body().toString())
                .contains("\"source\":\"urn:csp:one\",\"type\":\"csp.usage\"");
    }

    @Test
    void takesEachRowAlsoNegativeOnesAndForgetsAfterADay() {
        assertThat(adapter(endpoint.url(), AMPLE).terms())
                .isEqualTo(new Terms(
                        Grouping.ROW,
                        false,
                        true,
                        Optional.empty(),
                        Optional.of(Duration.ofHours(24)),
                        100,
                        Duration.ZERO));
    }
}
