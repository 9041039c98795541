package io.tallygate.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tallygate.deploy.testing.HttpCaller;
import io.tallygate.deploy.testing.HttpCaller.Answer;
import io.tallygate.deploy.testing.TestGateway;
import io.tallygate.deploy.testing.TestWorld;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import io.tallygate.store.testing.TestPostgres;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What {@code ?dryRun=true} says of a change of mappings, and ending one at another hour. */
class MappingPreviewIT {
    private static final String VERSION = "?api-version=2022-06-01";

    private static TestGateway gateway;
    private static HttpCaller operator;
    private static TestWorld world;
    private static String registration;

    private final Instant hour = Instant.now().truncatedTo(ChronoUnit.HOURS).minus(5, ChronoUnit.HOURS);
    private final TenantId tenant = new TenantId(UUID.randomUUID());
    private final UUID old = UUID.randomUUID();
    private final UUID next = UUID.randomUUID();

    @BeforeAll
    static void start() {
        gateway = TestGateway.lagging(TestPostgres.fresh(), Duration.ofDays(2));
        operator = HttpCaller.operator(gateway);
        world = new TestWorld(gateway);
        registration = world.registration(UUID.randomUUID(), "north");
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static String path(UUID customer, String query) {
        return registration + "/customerSubscriptions/" + customer + VERSION + query;
    }

    private static String body(TenantId tenant, Instant from) {
        return "{\"properties\":{\"tenantId\":\"" + tenant + "\",\"effectiveFrom\":\"" + from + "\"}}";
    }

    private static JsonNode ok(Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json();
    }

    private JsonNode reroute(Instant from) {
        return ok(operator.post(
                "/reroute?dryRun=true",
                "application/json",
                "{\"from\":\"" + from + "\",\"tenantId\":\"" + tenant + "\",\"registration\":\"" + registration
                        + "\"}"));
    }

    private static String wire(Instant time) {
        return time.toString().replace("Z", "+00:00");
    }

    @Test
    void aPreviewSaysWhatTheChangeAndARerouteThenSay() {
        SubscriptionId local = world.subscription(tenant, ",\"registrationId\":\"" + registration + "\"");
        assertThat(world.map(registration, old, tenant, hour).status()).isEqualTo(200);
        for (int i = 0; i < 4; i++) {
            world.post(
                    TestWorld.event(
                            tenant + "-" + i, local, TestWorld.CORE_HOURS, "1.5", hour.plus(i, ChronoUnit.HOURS)),
                    true);
        }
        world.sealThrough(hour.plus(4, ChronoUnit.HOURS));
        Instant from = hour.plus(1, ChronoUnit.HOURS);
        String standing = operator.get(path(old, "&$expand=history")).body();

        JsonNode preview = ok(operator.put(path(next, "&dryRun=TRUE"), body(tenant, from)));
        assertThat(operator.get(path(old, "&$expand=history")).body()).isEqualTo(standing);
        assertThat(operator.get(path(next, "")).errorCode()).isEqualTo("CustomerSubscriptionNotFound");
        assertThat(preview.path("dryRun").asBoolean()).isTrue();
        assertThat(preview.path("ended")).hasSize(1);
        JsonNode ended = preview.at("/ended/0");
        assertThat(ended.path("id").asText()).isEqualTo(registration + "/customerSubscriptions/" + old);
        assertThat(ended.path("name").asText()).isEqualTo(old.toString());
        assertThat(ended.path("tenantId").asText()).isEqualTo(tenant.toString());
        assertThat(ended.path("effectiveFrom").asText()).isEqualTo(wire(hour));
        assertThat(ended.path("effectiveTo").isNull()).isTrue();
        assertThat(ended.path("endsAt").asText()).isEqualTo(wire(from));
        assertThat(preview.at("/reroute/moves/0/to").asText()).isEqualTo(next.toString());
        assertThat(preview.at("/reroute/moves/0/total/quantity").decimalValue()).isEqualByComparingTo("4.5");

        ObjectNode done = (ObjectNode) ok(operator.put(path(next, "&dryRun=false"), body(tenant, from)));
        done.remove("etag");
        assertThat(preview.path("mapping")).isEqualTo(done);
        assertThat(preview.path("reroute")).isEqualTo(reroute(from));
        JsonNode again = ok(operator.put(path(next, "&dryRun=true"), body(tenant, from)));
        assertThat(again.path("ended")).isEmpty();
        assertThat(again.at("/mapping/etag").asText()).isNotEmpty();
        assertThat(again.path("reroute")).isEqualTo(preview.path("reroute"));

        Instant to = hour.plus(3, ChronoUnit.HOURS);
        JsonNode end = ok(operator.delete(path(next, "&dryRun=true&effectiveTo=" + to)));
        assertThat(end.path("mapping").isNull()).isTrue();
        assertThat(end.at("/ended/0/endsAt").asText()).isEqualTo(wire(to));
        assertThat(operator.delete(path(next, "&effectiveTo=" + to)).status()).isEqualTo(200);
        assertThat(end.path("reroute")).isEqualTo(reroute(to));
        assertThat(operator.get(path(next, "&$expand=history")).body()).contains(wire(to));
        for (String dryRun : new String[] {"&dryRun=true", ""}) {
            Answer none = operator.delete(path(next, dryRun + "&effectiveTo=" + to));
            assertThat(none.status()).isEqualTo(204);
            assertThat(none.body()).isEmpty();
        }
    }

    @Test
    void whatIsTakenAwayEndsWhereItBegan() {
        Instant soon = Instant.now().truncatedTo(ChronoUnit.HOURS).plus(9, ChronoUnit.HOURS);
        assertThat(world.map(registration, old, tenant, soon).status()).isEqualTo(200);
        JsonNode preview = ok(operator.put(path(next, "&dryRun=true"), body(tenant, hour)));
        assertThat(preview.at("/ended/0/effectiveFrom").asText()).isEqualTo(wire(soon));
        assertThat(preview.at("/ended/0/endsAt").asText()).isEqualTo(wire(soon));
        assertThat(preview.at("/reroute/moves")).isEmpty();
    }

    @Test
    void aPreviewIsRefusedAsTheChangeIs() {
        assertThat(world.map(registration, old, tenant, hour).status()).isEqualTo(200);
        TenantId other = new TenantId(UUID.randomUUID());
        String development = world.registration(UUID.randomUUID(), "development", "Development");
        String body = body(other, hour);
        for (String[] refused : new String[][] {
            {path(old, ""), body, "BadCustomerSubscriptionId"},
            {path(TestGateway.OPERATOR_SUBSCRIPTION.value(), ""), body, "BadCustomerSubscriptionId"},
            {path(next, ""), "{\"properties\":{}}", "InvalidProperty"},
            {path(next, ""), body(other, hour.plusSeconds(1)), "InvalidProperty"},
            {path(next, "&dryrum=true"), body, "InvalidProperty"},
            {path(next, "").replace("north", "south"), body, "RegistrationNotFound"},
            {development + "/customerSubscriptions/" + next + VERSION, body, "CustomerSubscriptionsNotAllowed"}
        }) {
            Answer real = operator.put(refused[0], refused[1]);
            Answer dry = operator.put(refused[0] + "&dryRun=true", refused[1]);
            assertThat(real.errorCode()).as(refused[0] + real.body()).isEqualTo(refused[2]);
            assertThat(dry.body()).isEqualTo(real.body());
            assertThat(dry.status()).isEqualTo(real.status());
        }
        for (String wrong :
                new String[] {"&dryRun=perhaps", "&effectiveTo=now", "&effectiveTo=" + hour.plusSeconds(1)}) {
            assertThat(operator.delete(path(old, wrong)).errorCode()).as(wrong).isEqualTo("InvalidProperty");
        }
        assertThat(operator.get(path(old, "")).status()).isEqualTo(200);
    }
}
