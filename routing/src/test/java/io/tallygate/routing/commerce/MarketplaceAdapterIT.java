package io.tallygate.routing.commerce;

import static io.tallygate.routing.commerce.ScriptedEndpoint.answer;
import static io.tallygate.store.testing.Await.await;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.routing.commerce.ScriptedEndpoint.Request;
import io.tallygate.routing.commerce.ScriptedEndpoint.Script;
import io.tallygate.routing.commerce.SubmissionResult.EventResult;
import io.vertx.core.Future;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MarketplaceAdapterIT extends CommerceAdapterContract {
    @Override
    String kind() {
        return "marketplace";
    }

    @Override
    Map<String, String> options(String url) {
        return Map.of(
                "url",
                url + "/api/",
                "planId",
                "gold",
                "tokenUrl",
                url + "/token",
                "clientId",
                "me",
                "clientSecret",
                "the-secret");
    }

    @Override
    Script good(Submission submission) {
        return answers(submission, event -> result(event, "Accepted", ""));
    }

    @Override
    int triesWhenUnauthorized() {
        return 2;
    }

    private interface Result {
        String of(Submission.Event event);
    }

    private static Script answers(Submission submission, Result result) {
        String results = submission.events().stream().map(result::of).collect(joining(","));
        return answer(
                200,
                "x-ms-requestid: their-request",
                "{\"count\":" + submission.events().size() + ",\"result\":[" + results + "]}");
    }

    // As documented: a number with decimals, a time without a zone.
    private static String result(Submission.Event event, String status, String more) {
        return "{\"usageEventId\":\"id-" + event.quantity() + "\",\"status\":\"" + status
                + "\",\"messageTime\":\"2026-11-20T12:00:00.0000001Z\"," + echo(event) + more + "}";
    }

    private static String echo(Submission.Event event) {
        return "\"resourceId\":\"" + PAYER.toString().toUpperCase(Locale.ROOT) + "\",\"quantity\":"
                + event.quantity() + ".0,\"dimension\":\"" + event.dimension() + "\",\"effectiveStartTime\":\""
                + event.effectiveTime().toString().replace("Z", "") + "\",\"planId\":\"gold\"";
    }

    private List<EventResult> submitted(Result result) {
        CommerceAdapter adapter = adapter(endpoint.url(), AMPLE);
        Submission submission = submission(adapter, 2);
        endpoint.says(answers(submission, result));
        return await(adapter.submit(submission)).events();
    }

    @Test
    void sendsWhatIsDocumented() {
        CommerceAdapter adapter = adapter(endpoint.url(), AMPLE);
        Submission submission = submission(adapter, 2);
        endpoint.says(good(submission));
        List<EventResult> results = await(adapter.submit(submission)).events();
        assertThat(results).extracting(EventResult::remoteId).containsExactly("id-1", "id-2");
        Request request = endpoint.requests().get(0);
        assertThat(request.line()).isEqualTo("POST /api/batchUsageEvent?api-version=2018-08-31 HTTP/1.1");
        assertThat(request.headers())
                .containsEntry("x-ms-requestid", submission.id().toString())
                .containsEntry("x-ms-correlationid", submission.id().toString())
                .containsEntry("content-type", "application/json")
                .containsEntry("authorization", "Bearer " + ScriptedEndpoint.TOKEN)
                .doesNotContainKey("accept-encoding");
        assertThat(request.headers().get("traceparent"))
                .startsWith("00-" + submission.id().toString().replace("-", "") + "-");
        assertThat(request.body())
                .isEqualTo("{\"request\":[{\"resourceId\":\"" + PAYER
                        + "\",\"quantity\":1,\"dimension\":\"vm-size-hours\","
                        + "\"effectiveStartTime\":\"2026-11-20T10:00:00Z\",\"planId\":\"gold\"},{\"resourceId\":\""
                        + PAYER
                        + "\",\"quantity\":2,\"dimension\":\"vm-size-hours\","
                        + "\"effectiveStartTime\":\"2026-11-20T11:00:00Z\",\"planId\":\"gold\"}]}");
        assertThat(endpoint.tokenRequests())
                .singleElement()
                .satisfies(token -> assertThat(token.body())
                        .isEqualTo("grant_type=client_credentials&client_id=me&client_secret=the-secret"
                                + "&scope=20e940b3-4c77-4b0b-9a53-9e16a1b010a7%2F.default"));
    }

    @Test
    void namesTheResourceAsConfigured() {
        CommerceAdapter adapter = adapter(endpoint.url(), AMPLE, Optional.empty(), Map.of("payerField", "resourceUri"));
        assertThat(submission(adapter, 1).events().get(0).body().toString())
                .startsWith("{\"resourceUri\":\"" + PAYER + "\"");
    }

    @ParameterizedTest
    @CsvSource({
        "Accepted,Accepted",
        "Expired,Expired",
        "Error,Error",
        "ResourceNotFound,ResourceNotFound",
        "ResourceNotAuthorized,NotAuthorized",
        "ResourceNotActive,NotSubscribed",
        "NotSubscribed,NotSubscribed",
        "InvalidDimension,InvalidDimension",
        "InvalidQuantity,InvalidQuantity",
        "BadArgument,BadArgument",
        "NotProcessed,Nonsense",
        "accepted,Nonsense",
        "'',Nonsense"
    })
    void everyStatusHasItsOutcome(String status, Outcome outcome) {
        String error = ",\"error\":{\"code\":\"Why\",\"message\":\"so\"}";
        assertThat(submitted(event -> result(event, event.quantity().intValue() == 1 ? status : "Accepted", error)))
                .extracting(EventResult::outcome)
                .containsExactly(outcome, Outcome.Accepted);
    }

    @Test
    void resultsAreMatchedByContentNotByOrder() {
        CommerceAdapter adapter = adapter(endpoint.url(), AMPLE);
        Submission submission = submission(adapter, 2);
        List<Submission.Event> reversed =
                List.of(submission.events().get(1), submission.events().get(0));
        endpoint.says(answers(
                new Submission(submission.id(), PAYER, reversed),
                event -> result(event, event.quantity().intValue() == 1 ? "Expired" : "Accepted", "")));
        assertThat(await(adapter.submit(submission)).events())
                .extracting(EventResult::outcome)
                .containsExactly(Outcome.Expired, Outcome.Accepted);
    }

    @Test
    void eachEventOfAHalfAnsweredBatchStandsAlone() {
        assertThat(submitted(event -> event.quantity().intValue() == 1 ? result(event, "Accepted", "") : "{}"))
                .extracting(EventResult::outcome)
                .containsExactly(Outcome.Accepted, Outcome.Nonsense);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"quantity\":1.0|\"quantity\":1.0000000000000000001",
                "\"quantity\":1.0|\"quantity\":\"1.0\"",
                "\"quantity\":1.0|\"quantity\":null",
                "\"dimension\":\"vm|\"dimension\":\"xm",
                "10:00:00\"|11:00:00+00:30\"",
                "10:00:00\"|ten\"",
                "gold|silver",
                "\"resourceId\":\"F|\"resourceId\":\"0"
            })
    void aWrongEchoIsNonsense(String said, String instead) {
        assertThat(submitted(event -> result(event, "Accepted", "").replace(said, instead))
                        .get(0)
                        .outcome())
                .isEqualTo(Outcome.Nonsense);
    }

    @Test
    void twoResultsForOneEventAreNonsense() {
        assertThat(submitted(event -> result(event, "Accepted", "") + "," + result(event, "Error", "")))
                .extracting(EventResult::outcome)
                .containsOnly(Outcome.Nonsense);
    }

    @Test
    void timesMayComeInAnyZone() {
        assertThat(submitted(event -> result(event, "Accepted", "")
                        .replace("10:00:00\"", "11:00:00.000+01:00\"")
                        .replace("\"quantity\":1.0", "\"quantity\":10e-1")))
                .extracting(EventResult::outcome)
                .containsExactly(Outcome.Accepted, Outcome.Accepted);
    }

    private static String accepted(Submission.Event event, UnaryOperator<String> change) {
        return ",\"error\":{\"code\":\"Conflict\",\"message\":\"This usage event already exist.\",\"additionalInfo\":"
                + "{\"acceptedMessage\":{\"usageEventId\":\"first\",\"status\":\"Duplicate\","
                + change.apply(echo(event)) + "}}}";
    }

    @Test
    void aDuplicateWithOurContentIsDelivered() {
        assertThat(submitted(event -> result(event, "Duplicate", accepted(event, echo -> echo))))
                .allSatisfy(result -> assertThat(result.outcome()).isEqualTo(Outcome.Duplicate))
                .extracting(EventResult::remoteId)
                .containsOnly("first");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"\"quantity\":1.0|\"quantity\":7", "10:00:00\"|10:03:28.14Z\"", "gold|silver", "vm-size|other"})
    void aDuplicateOfOtherContentIsAConflict(String said, String instead) {
        assertThat(submitted(event -> result(event, "Duplicate", accepted(event, echo -> echo.replace(said, instead))))
                        .get(0)
                        .outcome())
                .isEqualTo(Outcome.Conflict);
    }

    @Test
    void aDuplicateThatDoesNotSayOfWhatIsForPeople() {
        assertThat(submitted(event -> result(event, "Duplicate", "")))
                .extracting(EventResult::outcome)
                .containsOnly(Outcome.Conflict);
    }

    @Test
    void aConflictOfASingleEventIsReadLikeADuplicate() {
        CommerceAdapter adapter = adapter(endpoint.url(), AMPLE);
        Submission submission = submission(adapter, 1);
        String error = accepted(submission.events().get(0), echo -> echo).substring(",\"error\":".length());
        endpoint.says(answer(409, error));
        assertThat(await(adapter.submit(submission)).events())
                .extracting(EventResult::outcome)
                .containsExactly(Outcome.Duplicate);
    }

    @Test
    void aTokenIsFetchedOnceForMany() {
        CommerceAdapter adapter = adapter(endpoint.url(), AMPLE);
        Submission submission = submission(adapter, 1);
        endpoint.says(good(submission));
        List<Future<SubmissionResult>> results = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            results.add(adapter.submit(submission));
        }
        assertThat(results)
                .allSatisfy(result ->
                        assertThat(await(result).events().get(0).outcome()).isEqualTo(Outcome.Accepted));
        assertThat(await(adapter.submit(submission)).events().get(0).outcome()).isEqualTo(Outcome.Accepted);
        assertThat(endpoint.tokenRequests()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"401", "403"})
    void aRefusedTokenIsReplacedOnce(int status) {
        CommerceAdapter adapter = adapter(endpoint.url(), AMPLE);
        Submission submission = submission(adapter, 1);
        AtomicInteger fetched = new AtomicInteger();
        endpoint.tokensAre((request, socket) -> socket.write(ScriptedEndpoint.text(
                200, "{\"access_token\":\"t" + fetched.incrementAndGet() + "\",\"expires_in\":\"3599\"}")));
        Script good = good(submission);
        endpoint.says((request, socket) -> ("Bearer t2".equals(request.headers().get("authorization"))
                        ? good
                        : answer(status, ""))
                .answer(request, socket));
        assertThat(await(adapter.submit(submission)).events().get(0).outcome()).isEqualTo(Outcome.Accepted);
        assertThat(await(adapter.submit(submission)).events().get(0).outcome()).isEqualTo(Outcome.Accepted);
        assertThat(fetched).hasValue(2);
        assertThat(endpoint.requests()).hasSize(3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400|{\"error\":\"invalid_client\"}|Unauthorized",
                "401|{\"error\":\"invalid_client\",\"error_description\":\"the-secret\"}|Unauthorized",
                "401||Unauthorized",
                "404||Refused",
                "429||Refused",
                "500||Refused",
                "302||Refused",
                "200|<html>|Refused",
                "200|{}|Refused",
                "200|{\"access_token\":\"\"}|Refused",
                "200|{\"access_token\":\"a\\r\\nX-Other: b\"}|Refused",
                "200|{\"access_token\":\"a\",\"token_type\":\"mac\"}|Refused"
            })
    void withoutATokenNothingIsSent(int status, String body, Outcome outcome) {
        endpoint.tokensAre(answer(status, "Retry-After: 9", body == null ? "" : body));
        SubmissionResult result = submit(answer(200, "{}"), AMPLE, 2);
        assertThat(result.events()).extracting(EventResult::outcome).containsOnly(outcome);
        assertThat(result.retryAfter().isPresent()).isEqualTo(status != 200);
        assertThat(endpoint.requests()).isEmpty();
    }

    @Test
    void aTokenThatNeverComesEndsTheSubmissionInTime() {
        endpoint.tokensAre((request, socket) -> {});
        assertThat(submit(answer(200, "{}"), BRIEF, 2).events())
                .extracting(EventResult::outcome)
                .containsOnly(Outcome.Refused);
        assertThat(endpoint.requests()).isEmpty();
    }

    @Test
    void aTokenThatExpiresAtOnceIsNotKept() {
        endpoint.tokensAre(answer(200, "{\"access_token\":\"brief\",\"expires_in\":0}"));
        CommerceAdapter adapter = adapter(endpoint.url(), AMPLE);
        Submission submission = submission(adapter, 1);
        endpoint.says(good(submission));
        await(adapter.submit(submission));
        await(adapter.submit(submission));
        assertThat(endpoint.tokenRequests()).hasSize(2);
    }

    @Test
    void takesOnePositiveEventForEachHourOfADay() {
        Terms terms = adapter(endpoint.url(), AMPLE).terms();
        assertThat(terms)
                .isEqualTo(new Terms(
                        Grouping.HOUR,
                        true,
                        false,
                        Optional.of(Duration.ofHours(24)),
                        Optional.empty(),
                        25,
                        Duration.ofHours(2)));
    }

    @Test
    void quantitiesAreExact() {
        CommerceAdapter adapter = adapter(endpoint.url(), AMPLE);
        BigDecimal quantity = new BigDecimal("99999999999999999999999.000000000000001");
        assertThat(event(adapter, HOUR, quantity).body().toString())
                .contains("\"quantity\":99999999999999999999999.000000000000001,");
    }
}
