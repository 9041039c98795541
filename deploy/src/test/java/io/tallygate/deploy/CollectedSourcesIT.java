package io.tallygate.deploy;

import static io.tallygate.store.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.deploy.testing.HttpCaller;
import io.tallygate.deploy.testing.HttpCaller.Answer;
import io.tallygate.deploy.testing.TestGateway;
import io.tallygate.deploy.testing.TestIdentity;
import io.tallygate.deploy.testing.TestWorld;
import io.tallygate.gateway.auth.Role;
import io.tallygate.store.Database;
import io.tallygate.store.collect.CollectCounts;
import io.tallygate.store.collect.CollectLease;
import io.tallygate.store.collect.CollectPlan;
import io.tallygate.store.collect.CollectStore;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import io.tallygate.store.testing.TestPostgres;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What is told of collected usage: of sources and of what is missing to the operator, through when it is complete to
 * everyone about itself.
 */
class CollectedSourcesIT {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final TenantId COLLECTED = new TenantId(UUID.randomUUID());
    private static final TenantId MIXED = new TenantId(UUID.randomUUID());
    private static final TenantId POSTS = new TenantId(UUID.randomUUID());

    private static Instant now;
    private static TestGateway gateway;
    private static HttpCaller operator;
    private static String north;
    private static String south;
    private static SubscriptionId holed;

    @BeforeAll
    static void collect() {
        now = Instant.now().truncatedTo(ChronoUnit.HOURS);
        gateway = TestGateway.over(TestPostgres.fresh());
        operator = HttpCaller.operator(gateway);
        TestWorld world = new TestWorld(gateway);
        north = world.registration(UUID.randomUUID(), "north");
        south = world.registration(UUID.randomUUID(), "south");
        holed = world.subscription(COLLECTED, ",\"registrationId\":\"" + north + "\"");
        world.subscription(MIXED, ",\"registrationId\":\"" + north + "\"");
        world.subscription(MIXED, ",\"registrationId\":\"" + south + "\"");
        world.subscription(POSTS, ",\"registrationId\":\"" + south + "\"");
        Vertx vertx = Vertx.vertx();
        Database database = Database.open(vertx, gateway.postgres().config());
        CollectStore windows = new CollectStore(database);
        for (String name : List.of("cloud", "other")) {
            await(windows.open(name, registrationId("north"), ago(5), HOUR));
        }
        CollectLease lease = await(windows.claim(plan("cloud"))).orElseThrow();
        await(windows.collected(lease, new CollectCounts(7, 4, 3, 2, 1, 5), "UsageTimeTooOld"));
        lease = await(windows.claim(plan("other"))).orElseThrow();
        await(windows.failed(lease, "Away: no answer", Duration.ofHours(1), null));
        await(database.close());
        await(vertx.close());
        findings(world);
    }

    private static void findings(TestWorld world) {
        String meter = TestWorld.CORE_HOURS;
        world.post(
                TestWorld.event("a", holed, meter, "0.5", ago(4)) + TestWorld.event("b", holed, meter, "0.25", ago(1)),
                false);
        world.sealThrough(ago(-1));
        gateway.postgres()
                .execute("insert into gap_finding (kind, source, subscription_id, meter_key, resource_key, instance_id,"
                        + " from_hour, to_hour) select 'missingHours', 'collect:cloud', subscription_id, meter_key,"
                        + " md5(lower(resource_uri))::uuid, instance_id, '" + ago(3) + "', '" + ago(1)
                        + "' from instance, meter where lower(meter_id) = lower('" + meter + "')");
        gateway.postgres()
                .execute("insert into gap_finding (kind, source, from_hour) values ('silentSource', 'test', '" + ago(0)
                        + "')");
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static CollectPlan plan(String source) {
        return new CollectPlan(source, HOUR, Duration.ZERO, false, 2, Duration.ofMinutes(1));
    }

    private static long registrationId(String name) {
        return Long.parseLong(gateway.postgres()
                .query("select registration_id from registration where name = '" + name + "'")
                .get(0));
    }

    private static Instant ago(int hours) {
        return now.minus(hours, ChronoUnit.HOURS);
    }

    private static String wire(Instant time) {
        return time.toString().replace("Z", "+00:00");
    }

    private static JsonNode get(HttpCaller caller, String path) {
        Answer answer = caller.get(path);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json();
    }

    @Test
    void theOperatorSeesHowFarEachSourceIsAndWhatIsInTheWay() {
        JsonNode sources = get(operator, "/sources").path("value");
        assertThat(sources).hasSize(2);
        JsonNode cloud = sources.get(0);
        assertThat(names(cloud))
                .containsExactly(
                        "source",
                        "registrationId",
                        "begins",
                        "completeThrough",
                        "plannedThrough",
                        "lagSeconds",
                        "waiting",
                        "underWay",
                        "counts",
                        "failures",
                        "failure",
                        "failedAt",
                        "succeededAt",
                        "pausedUntil",
                        "configured",
                        "seenAt",
                        "trouble",
                        "problem",
                        "problemFrom",
                        "endedAt");
        assertThat(cloud.path("source").asText()).isEqualTo("cloud");
        assertThat(cloud.path("registrationId").asText()).isEqualTo(north);
        assertThat(cloud.path("begins").asText()).isEqualTo(wire(ago(5)));
        assertThat(cloud.path("completeThrough").asText()).isEqualTo(wire(ago(4)));
        assertThat(cloud.path("lagSeconds").asLong()).isGreaterThanOrEqualTo(4 * 3600);
        assertThat(cloud.path("waiting").asInt()).isGreaterThanOrEqualTo(4);
        assertThat(cloud.path("counts").toString())
                .isEqualTo(
                        "{\"rows\":7,\"accepted\":4,\"duplicate\":3,\"conflict\":2,\"quarantined\":1,\"rejected\":5}");
        assertThat(cloud.path("failure").isNull()).isTrue();
        assertThat(cloud.path("configured").asBoolean()).isTrue();
        assertThat(cloud.path("endedAt").isNull()).isTrue();
        assertThat(cloud.path("succeededAt").asText()).isNotEmpty();
        JsonNode other = sources.get(1);
        assertThat(other.path("failures").asInt()).isEqualTo(1);
        assertThat(other.path("failure").asText()).isEqualTo("Away: no answer");
        assertThat(other.path("pausedUntil").isNull()).isTrue();
        assertThat(operator.get("/sources?after=x").errorCode()).isEqualTo("InvalidProperty");
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Test
    void theOperatorSeesThroughWhenEverythingIsComplete() {
        JsonNode all = get(operator, "/completeness");
        assertThat(all.path("sources")).hasSize(2);
        assertThat(all.at("/sources/0/completeThrough").asText()).isEqualTo(wire(ago(4)));
        assertThat(all.at("/registrations/0").toString())
                .isEqualTo("{\"registrationId\":\"" + north
                        + "\",\"sources\":[\"cloud\",\"other\"],\"completeThrough\":\"" + wire(ago(5)) + "\"}");
        assertThat(all.at("/registrations/1").toString())
                .isEqualTo("{\"registrationId\":\"" + south
                        + "\",\"sources\":[],\"completeThrough\":null,\"reason\":\"noSource\"}");
        // The operator's own tenant is one of them.
        assertThat(all.path("tenants")).hasSize(4);
        assertThat(tenant(all, COLLECTED).path("completeThrough").asText()).isEqualTo(wire(ago(5)));
        assertThat(tenant(all, MIXED).path("reason").asText()).isEqualTo("notAllCollected");
        assertThat(tenant(all, POSTS).path("reason").asText()).isEqualTo("noSource");
        assertThat(all.has("nextLink")).isFalse();

        String first = all.at("/tenants/0/tenantId").asText();
        JsonNode rest = get(operator, "/completeness?after=" + first);
        assertThat(rest.path("tenants")).hasSize(3);
        assertThat(rest.path("sources")).isEmpty();
        assertThat(operator.get("/completeness?after=x").errorCode()).isEqualTo("InvalidProperty");
    }

    private static JsonNode tenant(JsonNode all, TenantId id) {
        for (JsonNode tenant : all.path("tenants")) {
            if (tenant.path("tenantId").asText().equals(id.toString())) {
                return tenant;
            }
        }
        throw new AssertionError("No tenant " + id);
    }

    @Test
    void aTenantSeesItselfAlone() {
        assertThat(own(COLLECTED)).endsWith(",\"completeThrough\":\"" + wire(ago(5)) + "\"}]}");
        assertThat(own(MIXED)).endsWith(",\"completeThrough\":null,\"reason\":\"notAllCollected\"}]}");
        assertThat(own(POSTS)).endsWith(",\"completeThrough\":null,\"reason\":\"noSource\"}]}");
        assertThat(own(new TenantId(UUID.randomUUID())))
                .endsWith(",\"completeThrough\":null,\"reason\":\"noSubscription\"}]}");
        HttpCaller reader = HttpCaller.of(gateway, TestIdentity.OPERATOR, Role.USAGE_READ, Role.USAGE_READ_ROUTED);
        assertThat(get(reader, "/completeness").toString())
                .startsWith(
                        "{\"sources\":[],\"registrations\":[],\"tenants\":[{\"tenantId\":\"" + TestIdentity.OPERATOR);
    }

    private static String own(TenantId tenant) {
        String answer = get(HttpCaller.of(gateway, tenant, Role.USAGE_READ), "/completeness")
                .toString();
        assertThat(answer)
                .startsWith("{\"sources\":[],\"registrations\":[],\"tenants\":[{\"tenantId\":\"" + tenant + "\"");
        return answer;
    }

    @Test
    void theOperatorSeesWhatIsMissingAndSaysWhyUntilItIsThere() {
        JsonNode gaps = get(operator, "/gaps").path("value");
        assertThat(gaps).hasSize(2);
        assertThat(get(operator, "/gaps?kind=MissingHours&state=open").path("value"))
                .containsExactly(gaps.get(1));
        assertThat(get(operator, "/gaps?after=" + gaps.get(0).path("gapId").asText())
                        .path("value"))
                .containsExactly(gaps.get(1));
        JsonNode silent = gaps.get(0);
        assertThat(silent.path("kind").asText()).isEqualTo("silentSource");
        assertThat(silent.path("before").path("records").asInt()).isEqualTo(1);
        for (String none : List.of("to", "after", "expected", "subscriptionId", "registrationId")) {
            assertThat(silent.path(none).isNull()).as(none).isTrue();
        }
        JsonNode gap = gaps.get(1);
        assertThat(gap.toString()).isEqualTo(expected(gap).encode());
        theHoleIsAcknowledged(gap.path("gapId").asText());
    }

    private static JsonObject expected(JsonNode gap) {
        String resource = gap.path("resourceUri").asText();
        assertThat(resource).endsWith("/virtualMachines/vm");
        return new JsonObject()
                .put("gapId", gap.path("gapId").asText())
                .put("kind", "missingHours")
                .put("state", "open")
                .put("registrationId", north)
                .put("source", "collect:cloud")
                .put("subscriptionId", holed.toString())
                .put("tenantId", COLLECTED.toString())
                .put("meterId", TestWorld.CORE_HOURS)
                .put("resourceUri", resource)
                .put("from", wire(ago(3)))
                .put("to", wire(ago(1)))
                .put("before", side(ago(4), 0.5))
                .put("after", side(ago(1), 0.25))
                .put("expected", 2)
                .put("found", 0)
                .put("firstSeen", gap.path("firstSeen").asText())
                .putNull("acknowledgedAt")
                .putNull("acknowledgedBy")
                .putNull("reason")
                .putNull("clearedAt");
    }

    private static JsonObject side(Instant hour, double quantity) {
        return new JsonObject()
                .put("usageStartTime", wire(hour))
                .put("reportedHour", wire(now))
                .put("quantity", quantity)
                .put("records", 1);
    }

    private static void theHoleIsAcknowledged(String id) {
        String path = "/gaps/" + id + "/acknowledge";
        for (String reason : List.of("{}", reason(" "), reason("x".repeat(257)), "{\"why\":\"x\"}")) {
            assertThat(acknowledge(path, reason).errorCode()).isEqualTo("InvalidProperty");
        }
        for (String query : List.of("state=none", "kind=none", "after=x", "other=1")) {
            assertThat(operator.get("/gaps?" + query).errorCode()).isEqualTo("InvalidProperty");
        }
        assertThat(acknowledge("/gaps/999/acknowledge", reason("x")).errorCode())
                .isEqualTo("ResourceNotFound");
        assertThat(run("gaps", "list", "--state", "open"))
                .containsPattern("gapId +kind +state +source +from +to +found")
                .containsPattern(id + " +missingHours +open +collect:cloud .* 0 of 2 .*/vm");
        assertThat(run("gaps", "acknowledge", id, "--reason", "It was off.")).contains(id + " is acknowledged.");
        JsonNode said = get(operator, "/gaps?state=acknowledged").at("/value/0");
        assertThat(said.path("reason").asText()).isEqualTo("It was off.");
        assertThat(said.path("acknowledgedBy").asText()).isNotEmpty();
        gateway.postgres().execute("update gap_finding set cleared_at = clock_timestamp()");
        assertThat(acknowledge(path, reason("x")).errorCode()).isEqualTo("Conflict");
    }

    private static String reason(String text) {
        return "{\"reason\":\"" + text + "\"}";
    }

    private static Answer acknowledge(String path, String body) {
        return operator.post(path, "application/json", body);
    }

    private static String run(String... arguments) {
        StringWriter out = new StringWriter();
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of(
                "--url",
                gateway.url().toString(),
                "--ca",
                TestIdentity.get().caFile().toString()));
        int exitCode = TallygateCommand.commandLine(Map.of(
                        "TALLYGATE_OPERATOR_TOKEN", TestIdentity.get().token(TestIdentity.OPERATOR, Role.values())))
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(out))
                .execute(all.toArray(String[]::new));
        assertThat(exitCode).as(out.toString()).isZero();
        return out.toString();
    }

    @Test
    void theCommandListsSources() {
        assertThat(run("sources", "list"))
                .containsPattern("source +completeThrough +behind +waiting")
                .containsPattern("cloud +\\S+ +PT4H\\S* +\\d+ +0 +7 +4 +1 +7 +0")
                .containsPattern("other +\\S+ +PT5H\\S* +\\d+ +0 +0 +0 +0 +0 +1 +Away: no answer");
    }
}
