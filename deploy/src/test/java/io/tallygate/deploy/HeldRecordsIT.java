package io.tallygate.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.deploy.testing.HttpCaller.Answer;
import io.tallygate.deploy.testing.TestEvent;
import io.tallygate.store.directory.SubscriptionId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Quarantine and conflicts: shown, released, discarded. */
class HeldRecordsIT extends IngestFixture {
    @Test
    void aQuarantinedRecordIsShownAndReleasedWhenItsSubscriptionIsKnown() {
        SubscriptionId unknown = new SubscriptionId(UUID.randomUUID());
        TestEvent event = TestEvent.of("early-bird", unknown, hour)
                .raw("data.quantity", "0.000000000000001")
                .raw("data.tags", "{\"a\":\"1\"}")
                .raw("data.additionalInfo", "{\"n\":1e400,\"d\":0.1000000000000000000000001}");
        JsonNode outcome = single(event);
        assertThat(outcome.path("outcome").asText()).isEqualTo("Quarantined");
        assertThat(outcome.path("code").asText()).isEqualTo("SubscriptionUnknown");
        assertThat(outcome.path("field").asText()).isEqualTo("subject");
        assertOutcome(event, "Quarantined");

        JsonNode held = held("/quarantine", "early-bird");
        assertThat(held.path("reason").asText()).isEqualTo("SubscriptionUnknown");
        assertThat(held.path("ageSeconds").asLong()).isBetween(0L, 600L);
        assertThat(held.at("/record/quantity").decimalValue()).isEqualByComparingTo("0.000000000000001");
        assertThat(held.at("/record/subscriptionId").asText()).isEqualTo(unknown.toString());
        assertThat(held.at("/record/tags/a").asText()).isEqualTo("1");
        assertThat(held.at("/record/additionalInfo/n").decimalValue()).isEqualByComparingTo("1e400");
        assertThat(held.at("/record/additionalInfo/d").decimalValue())
                .isEqualByComparingTo("0.1000000000000000000000001");

        world.put(unknown, tenant, "");
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () -> assertThat(held("/quarantine", "early-bird").isMissingNode())
                                .isTrue());
        assertOutcome(event, "Duplicate");
    }

    @Test
    void aSmallQuantityIsShownInPlainNotation() {
        single(TestEvent.of("plain", new SubscriptionId(UUID.randomUUID()), hour)
                .raw("data.quantity", "1e-7"));
        String id = held("/quarantine", "plain").path("id").asText();
        Answer shown = operator.post("/quarantine/" + id + "/discard", "application/json", "{\"reason\":\"a test\"}");
        assertThat(shown.body()).contains("\"quantity\":0.0000001,");
    }

    @Test
    void aRecordOfAnUnknownMeterIsReleasedWhenTheMeterIsKnown() {
        TestEvent event = TestEvent.of("new-meter", subscription, hour).text("data.meterId", "Meter/of tomorrow");
        assertThat(single(event).path("code").asText()).isEqualTo("MeterUnknown");
        Answer put = operator.put("/meters/meter%2Fof%20tomorrow", "{\"name\":\"Tomorrow\",\"unit\":\"days\"}");
        assertThat(put.status()).as(put.body()).isEqualTo(200);
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertOutcome(event, "Duplicate"));
    }

    @Test
    void aConflictIsShownAndDiscardedWithAReason() {
        TestEvent event = TestEvent.of("twofold", subscription, hour);
        assertOutcome(event, "Accepted");
        assertOutcome(event.raw("data.quantity", "2"), "Conflict");
        assertOutcome(event, "Conflict");
        String id = held("/conflicts", "twofold").path("id").asText();
        assertThat(held("/conflicts", "twofold").path("reason").asText()).isEqualTo("PayloadDiffers");
        String path = "/conflicts/" + id + "/discard";
        for (String body : List.of("", "{}", "{\"reason\":\" \"}", "{\"reason\":7}", "[]")) {
            Answer refused = operator.post(path, "application/json", body);
            assertThat(refused.status()).as(body).isEqualTo(400);
            assertThat(refused.errorCode()).isEqualTo("InvalidProperty");
        }
        Answer discarded = operator.post(path, "application/json", "{\"reason\":\"sent by mistake\"}");
        assertThat(discarded.status()).as(discarded.body()).isEqualTo(200);
        assertThat(discarded.json().at("/record/quantity").asInt()).isEqualTo(2);
        Answer again = operator.post(path, "application/json", "{\"reason\":\"sent by mistake\"}");
        assertThat(again.status()).isEqualTo(404);
        assertThat(again.errorCode()).isEqualTo("ResourceNotFound");
        assertThat(operator.post("/conflicts/x/discard", "application/json", "{\"reason\":\"r\"}")
                        .errorCode())
                .isEqualTo("InvalidProperty");
        assertOutcome(event.raw("data.quantity", "1"), "Duplicate");
        assertThat(gateway.postgres().query("select target from audit_entry where reason = 'sent by mistake'"))
                .hasSize(1);
    }

    @Test
    void whatIsHeldIsListedInPages() {
        SubscriptionId unknown = new SubscriptionId(UUID.randomUUID());
        String body = IntStream.range(0, 1_001)
                .mapToObj(i -> TestEvent.of("held-" + i, unknown, hour).line())
                .collect(Collectors.joining());
        assertThat(totals(stream(body)).path("Quarantined").asInt()).isEqualTo(1_001);
        List<String> ids = new ArrayList<>();
        heldRows("/quarantine").forEach(row -> ids.add(row.path("id").asText()));
        assertThat(ids).doesNotHaveDuplicates().hasSizeGreaterThanOrEqualTo(1_001);
        assertThat(operator.get("/quarantine").json().path("value")).hasSize(1_000);
        assertThat(operator.get("/quarantine?after=x").errorCode()).isEqualTo("InvalidProperty");
    }
}
