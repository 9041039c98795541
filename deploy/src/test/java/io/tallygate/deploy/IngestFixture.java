package io.tallygate.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.deploy.testing.HttpCaller;
import io.tallygate.deploy.testing.HttpCaller.Answer;
import io.tallygate.deploy.testing.RawCaller;
import io.tallygate.deploy.testing.TestEvent;
import io.tallygate.deploy.testing.TestGateway;
import io.tallygate.deploy.testing.TestIdentity;
import io.tallygate.deploy.testing.TestWorld;
import io.tallygate.gateway.auth.Role;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import io.tallygate.store.testing.TestPostgres;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** A gateway with one known subscription, and the ways to post to it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class IngestFixture {
    static final String RECORDS = "/usage/records";
    static final String SINGLE = "application/cloudevents+json";
    static final String BATCH = "application/cloudevents-batch+json";
    static final String STREAM = "application/x-ndjson";

    final TenantId tenant = new TenantId(UUID.randomUUID());
    final Instant hour = Instant.now().truncatedTo(ChronoUnit.HOURS);
    final AtomicInteger count = new AtomicInteger();
    TestGateway gateway;
    TestWorld world;
    SubscriptionId subscription;
    HttpCaller operator;
    RawCaller raw;

    @BeforeAll
    void start() {
        gateway = TestGateway.over(TestPostgres.fresh());
        world = new TestWorld(gateway);
        world.registration(UUID.randomUUID(), "north");
        subscription = world.subscription(tenant);
        operator = HttpCaller.operator(gateway);
        raw = new RawCaller(gateway, TestIdentity.get().token(TestIdentity.OPERATOR, Role.values()));
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    TestEvent good() {
        return TestEvent.of("record-" + count.incrementAndGet(), subscription, hour);
    }

    JsonNode single(TestEvent event) {
        Answer answer = operator.post(RECORDS, SINGLE, event.json());
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.json().path("outcomes")).hasSize(1);
        return answer.json().at("/outcomes/0");
    }

    void assertOutcome(TestEvent event, String outcome) {
        assertThat(single(event).path("outcome").asText()).as(event.json()).isEqualTo(outcome);
    }

    static List<JsonNode> lines(String body) {
        return body.lines().map(HttpCaller.Answer::parse).toList();
    }

    List<JsonNode> stream(byte[] body) {
        RawCaller.Answer answer = raw.post(RECORDS, STREAM, body);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).contains("application/x-ndjson; charset=utf-8");
        return lines(answer.body());
    }

    List<JsonNode> stream(String body) {
        return stream(body.getBytes(StandardCharsets.UTF_8));
    }

    static JsonNode totals(List<JsonNode> lines) {
        return lines.get(lines.size() - 1).path("totals");
    }

    static void assertTotals(JsonNode totals, int accepted, int rejected) {
        assertThat(totals.path("lines").asInt()).isEqualTo(accepted + rejected);
        assertThat(totals.path("Accepted").asInt()).isEqualTo(accepted);
        assertThat(totals.path("Rejected").asInt()).isEqualTo(rejected);
    }

    void discard(String list, String recordId) {
        String id = held(list, recordId).path("id").asText();
        assertThat(operator.post(list + "/" + id + "/discard", "application/json", "{\"reason\":\"test\"}")
                        .status())
                .isEqualTo(200);
    }

    JsonNode held(String list, String recordId) {
        return heldRows(list).stream()
                .filter(row -> row.at("/record/id").asText().equals(recordId))
                .findFirst()
                .orElse(com.fasterxml.jackson.databind.node.MissingNode.getInstance());
    }

    List<JsonNode> heldRows(String list) {
        List<JsonNode> rows = new ArrayList<>();
        for (String next = list; !next.isEmpty(); ) {
            JsonNode page = operator.get(next).json();
            page.path("value").forEach(rows::add);
            next = page.path("nextLink").asText();
        }
        return rows;
    }
}
