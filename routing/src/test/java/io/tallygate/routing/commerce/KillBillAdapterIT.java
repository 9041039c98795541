package io.tallygate.routing.commerce;

import static io.tallygate.routing.commerce.ScriptedEndpoint.answer;
import static io.tallygate.store.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallygate.routing.commerce.ScriptedEndpoint.Request;
import io.tallygate.routing.commerce.ScriptedEndpoint.Script;
import io.tallygate.routing.commerce.SubmissionResult.EventResult;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class KillBillAdapterIT extends CommerceAdapterContract {
    // As 0.22.26 says it.
    private static final String USED_TRACKING_ID = """
            {"className":"org.killbill.billing.usage.api.UsageApiException","code":50000,\
            "message":"A usage record with tracking ID t1 already exists","causeClassName":null,"causeMessage":null,\
            "stackTrace":[]}""";
    private static final String NO_SUBSCRIPTION = """
            {"className":"org.killbill.billing.util.callcontext.InternalCallContextFactory$ObjectDoesNotExist",\
            "code":null,"message":"Object id=11111111-0000-4000-8000-000000000001 type=SUBSCRIPTION doesn't exist!",\
            "causeClassName":null,"causeMessage":null,"stackTrace":[]}""";
    private static final String NOT_UNDERSTOOD = """
            {"className":"com.fasterxml.jackson.databind.JsonMappingException","code":null,"message":"Invalid format",\
            "causeClassName":null,"causeMessage":null,"stackTrace":[]}""";

    @Override
    String kind() {
        return "killbill";
    }

    @Override
    Map<String, String> options(String url) {
        return Map.of("url", url, "apiKey", "csp", "apiSecret", "the-secret", "user", "admin", "password", "pass");
    }

    @Override
    Script good(Submission submission) {
        return answer(201, "");
    }

    @Override
    Outcome refused(int status) {
        return status == 400 ? Outcome.NotSubscribed : super.refused(status);
    }

    private static Script error(int status, String body) {
        return answer(status, "Content-Type: application/json", body);
    }

    private EventResult submitted(Map<String, String> options, BigDecimal quantity) {
        endpoint.says(answer(201, ""));
        CommerceAdapter adapter = adapter(endpoint.url(), AMPLE, Optional.empty(), options);
        Submission submission = new Submission(UUID.randomUUID(), PAYER, List.of(event(adapter, HOUR, quantity)));
        return await(adapter.submit(submission)).events().get(0);
    }

    @Test
    void recordsUsage() {
        EventResult result = submitted(Map.of(), new BigDecimal("3.000"));
        assertThat(result.outcome()).isEqualTo(Outcome.Accepted);
        Request request = endpoint.requests().get(0);
        assertThat(request.line()).isEqualTo("POST /1.0/kb/usages HTTP/1.1");
        assertThat(request.headers())
                .containsEntry("authorization", "Basic YWRtaW46cGFzcw==")
                .containsEntry("x-killbill-apikey", "csp")
                .containsEntry("x-killbill-apisecret", "the-secret")
                .containsEntry("x-killbill-createdby", "tallygate")
                .containsKey("traceparent");
        assertThat(request.body())
                .isEqualTo("{\"subscriptionId\":\"" + PAYER + "\",\"trackingId\":\"" + result.key()
                        + "\",\"unitUsageRecords\":[{\"unitType\":\"vm-size-hours\","
                        + "\"usageRecords\":[{\"recordDate\":\"2026-11-20\",\"amount\":3}]}]}");
    }

    @Test
    void theRequestsIdWasNotKeptAndTheApiKeyWas() {
        endpoint.says(answer(
                422,
                "Content-Type: application/json\r\nX-Request-Id: r-7 of csp",
                "{\"message\":\"csp may not, nor pass, nor the-secret\"}"));
        CommerceAdapter adapter = adapter(endpoint.url(), AMPLE, Optional.empty(), options(endpoint.url()));
        Submission submission = new Submission(UUID.randomUUID(), PAYER, List.of(event(adapter, HOUR, BigDecimal.ONE)));

        EventResult result = await(adapter.submit(submission)).events().get(0);

        assertThat(result.remoteId()).isEqualTo("r-7 of ***");
        assertThat(result.detail()).isEqualTo("HTTP 422 *** may not, nor ***, nor ***");
    }

    @Test
    void aUsedTrackingIdIsADuplicate() {
        expectAlone(Outcome.Duplicate, error(400, USED_TRACKING_ID));
    }

    @Test
    void anUnknownSubscriptionHoldsThePayer() {
        expectAlone(Outcome.ResourceNotFound, error(404, NO_SUBSCRIPTION));
    }

    @Test
    void anEndedSubscriptionHoldsThePayer() {
        expectAlone(Outcome.NotSubscribed, answer(400, ""));
        expectAlone(
                Outcome.NotSubscribed,
                error(400, "{\"servlet\":\"default\",\"message\":\"Bad Request\",\"status\":\"400\"}"));
    }

    @Test
    void otherErrorsAreBadArguments() {
        expectAlone(Outcome.BadArgument, error(400, NOT_UNDERSTOOD));
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "-,-,1.5,InvalidQuantity",
                "-,-,1000000000000000000,InvalidQuantity",
                "-,-,999999999999999999,Accepted",
                "-,-,-5,Accepted",
                "-,1000000,1.500001,Accepted",
                "-,1000000,1.5000001,InvalidQuantity",
                "0.24,-,1.000000001,Accepted",
                "0.24,-,1.0000000001,InvalidQuantity",
                "0.24,-,1000000000,InvalidQuantity"
            })
    void amountsThatKillBillWouldCutAreNotSent(
            String version, String multiplier, BigDecimal quantity, Outcome outcome) {
        Map<String, String> options = new HashMap<>();
        Optional.ofNullable(version).ifPresent(value -> options.put("version", value));
        Optional.ofNullable(multiplier).ifPresent(value -> options.put("multiplier", value));
        assertThat(submitted(options, quantity).outcome()).isEqualTo(outcome);
        assertThat(endpoint.requests()).hasSize(outcome == Outcome.Accepted ? 1 : 0);
    }

    @Test
    void laterVersionsKeepTheHour() {
        submitted(Map.of("version", "0.24"), BigDecimal.ONE);
        assertThat(endpoint.requests().get(0).body()).contains("\"recordDate\":\"2026-11-20T10:00:00Z\"");
    }

    @ParameterizedTest
    @CsvSource({"version,0.25", "multiplier,0", "multiplier,1.5", "multiplier,-1"})
    void optionsAreChecked(String option, String value) {
        assertThatThrownBy(() -> submitted(Map.of(option, value), BigDecimal.ONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(option);
    }
}
