package io.tallygate.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.deploy.demo.DemoClient;
import io.tallygate.deploy.demo.DemoClients;
import io.tallygate.deploy.demo.TokenMint;
import io.tallygate.deploy.testing.HttpCaller;
import io.tallygate.deploy.testing.HttpCaller.Answer;
import io.tallygate.deploy.testing.TestGateway;
import io.tallygate.deploy.testing.TestIdentity;
import io.tallygate.deploy.testing.TestWorld;
import io.tallygate.gateway.testing.TestTokens;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import io.tallygate.store.testing.TestPostgres;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway that collects from another, as its configuration says. */
class CollectWorkIT {
    private static final String RECORDS =
            "select subscription_id, usage_hour, sum(quantity) from usage_record" + " group by 1, 2 order by 1, 2";
    private static final int HOURS = 28;
    private static final String HOLED = "/virtualMachines/holed";

    private final Instant now = Instant.now().truncatedTo(ChronoUnit.HOURS);
    private final TestGateway stamp = TestGateway.lagging(TestPostgres.fresh(), Duration.ofDays(2));
    private final TenantId tenant = new TenantId(UUID.randomUUID());

    @TempDir
    private Path directory;

    private ConfiguredGateway central;
    private HttpCaller operator;
    private SubscriptionId subscription;
    private String token;

    @BeforeEach
    void start() throws Exception {
        TestWorld world = new TestWorld(stamp);
        world.registration(UUID.randomUUID(), "there");
        subscription = world.subscription(tenant);
        SubscriptionId deleted = world.subscription(new TenantId(UUID.randomUUID()), ",\"state\":\"Deleted\"");
        StringBuilder events = new StringBuilder();
        for (int hour = 1; hour <= HOURS; hour++) {
            for (SubscriptionId each : List.of(subscription, deleted)) {
                events.append(TestWorld.event(
                        each + "/" + hour, each, TestWorld.CORE_HOURS, "0." + hour, now.minus(hour, ChronoUnit.HOURS)));
            }
            if (hour != 2 && hour != 3) {
                events.append(TestWorld.event(
                                "holed/" + hour,
                                subscription,
                                TestWorld.CORE_HOURS,
                                "0.5",
                                now.minus(hour, ChronoUnit.HOURS))
                        .replace("/virtualMachines/vm", HOLED));
            }
        }
        world.post(events.toString(), true);
        world.sealThrough(now);
        central = new ConfiguredGateway(directory);
        central.settings.put("collect.sources", new JsonArray().add(source())).put("collect.interval", "PT0.1S");
        central.settings.put("gaps.patience", "PT0S").put("gaps.interval", "PT1S");
        central.start();
        token = central.tokens.with(central.tokens
                .claims()
                .put("tid", TestTokens.OPERATOR.toString())
                .put("roles", new JsonArray().add("Usage.Read.All").add("Registration.ReadWrite")));
        operator = HttpCaller.at(central.url(), TestIdentity.get().tls(), token);
    }

    @AfterEach
    void stop() {
        central.close();
        stamp.close();
    }

    private JsonObject source() {
        TestIdentity identity = TestIdentity.get();
        DemoClient client = new DemoClients(TestIdentity.OPERATOR, "clients").operator();
        return new JsonObject()
                .put("name", "north")
                .put("type", "tallygate")
                .put("registration", "here")
                .put("url", stamp.url().toString())
                .put("operatorSubscriptionId", TestGateway.OPERATOR_SUBSCRIPTION.toString())
                .put("begins", now.minus(HOURS + 2, ChronoUnit.HOURS).toString())
                .put("caFile", identity.caFile().toAbsolutePath().toString())
                .put("tokenUrl", identity.commerceClient().getString("tokenUrl"))
                .put("clientId", client.clientId())
                .put("clientSecret", client.clientSecret())
                .put("scope", TokenMint.AUDIENCE + "/.default");
    }

    private void register() {
        Answer made = operator.put(
                "/subscriptions/" + UUID.randomUUID()
                        + "/resourceGroups/rg/providers/Microsoft.AzureStack/registrations/here?api-version=2022-06-01",
                "{\"location\":\"global\",\"properties\":{\"registrationToken\":\"token\"}}");
        assertThat(made.status()).as(made.body()).isEqualTo(201);
    }

    @Test
    void nothingIsAskedBeforeTheRegistrationIsThereAndThenAllIsCollected() {
        assertThat(operator.get("/sources").json().path("value")).isEmpty();
        assertThat(central.management("/health/ready").body())
                .contains("The source north is not collected: its registration is not there");
        assertThat(central.management("/metrics").body())
                .contains("tallygate_collect_lag_seconds{source=\"north\"} +Inf");

        register();
        String through = wire(now);
        await().atMost(Duration.ofMinutes(1))
                .until(() -> operator.get("/sources")
                        .json()
                        .at("/value/0/completeThrough")
                        .asText()
                        .equals(through));

        assertThat(central.postgres.query(RECORDS))
                .hasSize(2 * HOURS)
                .isEqualTo(stamp.postgres().query(RECORDS));
        assertThat(central.postgres.query("select source, count(*) from usage_identity group by 1"))
                .containsExactly("collect:north|" + (3 * HOURS - 2));
        assertThat(central.postgres.query("select s.tenant_id, s.state, r.name from subscription s"
                        + " join registration r using (registration_id) where s.subscription_id = '" + subscription
                        + "'"))
                .containsExactly(tenant + "|Enabled|here");
        assertThat(central.postgres.query("select distinct subject from audit_entry where action = 'subscription.put'"))
                .contains("collect:north");
        assertThat(operator.get("/completeness")
                        .json()
                        .at("/registrations/0/completeThrough")
                        .asText())
                .isEqualTo(through);
        assertThat(central.management("/metrics").body())
                .contains(
                        "tallygate_collect_records_total{outcome=\"Accepted\",source=\"north\"} " + (3.0 * HOURS - 2));
        assertThat(run(0, "--windows", "2")).contains("north is complete through " + now, "not final there");
        theHoleIsFound();
    }

    private static String wire(Instant time) {
        return time.toString().replace("Z", "+00:00");
    }

    private Instant ago(int hours) {
        return now.minus(hours, ChronoUnit.HOURS);
    }

    private void theHoleIsFound() {
        assertThat(operator.post(
                                "/windows/seal",
                                "application/json",
                                "{\"through\":\"" + now.plus(1, ChronoUnit.HOURS) + "\"}")
                        .status())
                .isEqualTo(200);
        await().until(() -> central.postgres
                .query("select folded_through = sealed_through and sealed_through > '" + now
                        + "' from gap_state, window_state")
                .equals(List.of("t")));
        // All of it came at once, and just now: nothing is missing before a while has passed.
        assertThat(operator.get("/gaps").json().path("value")).isEmpty();
        central.postgres.execute("update gap_series set late_at = late_at - interval '1 day'");
        central.postgres.execute("update collect_window set collected_at = collected_at - interval '1 day'");
        await().until(() -> !operator.get("/gaps").json().path("value").isEmpty());

        JsonNode gaps =
                operator.get("/gaps?state=OPEN&kind=missinghours").json().path("value");
        assertThat(gaps).hasSize(1);
        assertThat(operator.get("/gaps").json().path("value")).isEqualTo(gaps);
        JsonNode gap = gaps.get(0);
        String id = gap.path("gapId").asText();
        String registration = central.postgres
                .query("select subscription_id from registration")
                .get(0);
        String resource = gap.path("resourceUri").asText();
        assertThat(resource).endsWith(HOLED);
        assertThat(gap.path("firstSeen").asText()).isNotEmpty();
        assertThat(gap.toString())
                .isEqualTo(new JsonObject()
                        .put("gapId", id)
                        .put("kind", "missingHours")
                        .put("state", "open")
                        .put(
                                "registrationId",
                                "/subscriptions/" + registration
                                        + "/resourceGroups/rg/providers/Microsoft.AzureStack/registrations/here")
                        .put("source", "collect:north")
                        .put("subscriptionId", subscription.toString())
                        .put("tenantId", tenant.toString())
                        .put("meterId", TestWorld.CORE_HOURS)
                        .put("resourceUri", resource)
                        .put("from", wire(ago(3)))
                        .put("to", wire(ago(1)))
                        .put("before", side(ago(4)))
                        .put("after", side(ago(1)))
                        .put("expected", 2)
                        .put("found", 0)
                        .put("firstSeen", gap.path("firstSeen").asText())
                        .putNull("acknowledgedAt")
                        .putNull("acknowledgedBy")
                        .putNull("reason")
                        .putNull("clearedAt")
                        .encode());
        theHoleIsAcknowledged(id);
    }

    private JsonObject side(Instant hour) {
        return new JsonObject()
                .put("usageStartTime", wire(hour))
                .put("reportedHour", wire(now))
                .put("quantity", 0.5)
                .put("records", 1);
    }

    private void theHoleIsAcknowledged(String id) {
        String path = "/gaps/" + id + "/acknowledge";
        for (String body :
                List.of("{}", "{\"reason\":\" \"}", "{\"reason\":\"" + "x".repeat(257) + "\"}", "{\"why\":\"x\"}")) {
            assertThat(operator.post(path, "application/json", body).errorCode())
                    .isEqualTo("InvalidProperty");
        }
        for (String query : List.of("state=none", "kind=none", "after=x", "other=1")) {
            assertThat(operator.get("/gaps?" + query).errorCode()).isEqualTo("InvalidProperty");
        }
        assertThat(operator.post("/gaps/999/acknowledge", "application/json", "{\"reason\":\"x\"}")
                        .errorCode())
                .isEqualTo("ResourceNotFound");
        assertThat(gaps("list", "--state", "open"))
                .containsPattern("gapId +kind +state +source +from +to +found")
                .containsPattern(id + " +missingHours +open +collect:north .* 0 of 2 .*" + HOLED);
        assertThat(gaps("acknowledge", id, "--reason", "It was off.")).contains(id + " is acknowledged.");
        JsonNode gap = operator.get("/gaps?state=acknowledged").json().at("/value/0");
        assertThat(gap.path("reason").asText()).isEqualTo("It was off.");
        assertThat(gap.path("acknowledgedBy").asText()).isNotEmpty();
        central.postgres.execute("update gap_finding set cleared_at = clock_timestamp()");
        assertThat(operator.post(path, "application/json", "{\"reason\":\"x\"}").errorCode())
                .isEqualTo("Conflict");
    }

    private String gaps(String... arguments) {
        List<String> all = new ArrayList<>(List.of("gaps"));
        all.addAll(List.of(arguments));
        all.addAll(List.of(
                "--url",
                central.url().toString(),
                "--ca",
                TestIdentity.get().caFile().toString()));
        return command(0, Map.of("TALLYGATE_OPERATOR_TOKEN", token), all);
    }

    @Test
    void aDryRunShowsWhatWouldComeAndWritesNothing() {
        String shown = run(1, "--windows", Integer.toString(HOURS));
        assertThat(shown)
                .contains("The registration of north, here, is not there: nothing is collected before it is.")
                .contains("north was not collected yet: it would begin with " + now.minus(HOURS + 2, ChronoUnit.HOURS))
                .contains(now.minus(HOURS + 2, ChronoUnit.HOURS) + " to " + now.minus(HOURS + 1, ChronoUnit.HOURS)
                        + ", 1 pages")
                .contains("  nothing")
                .containsPattern(subscription + "  " + TestWorld.CORE_HOURS + " +1 rows +1 records");
        for (String table : List.of("collect_source", "usage_identity")) {
            assertThat(central.postgres.query("select count(*) from " + table)).containsExactly("0");
        }
    }

    private String run(int expectedExitCode, String... more) {
        List<String> arguments = new ArrayList<>(
                List.of("collect", "--config", central.file().toString(), "--dry-run", "--source", "north"));
        arguments.addAll(List.of(more));
        return command(expectedExitCode, Map.of(), arguments);
    }

    private static String command(int expectedExitCode, Map<String, String> environment, List<String> arguments) {
        StringWriter out = new StringWriter();
        int exitCode = TallygateCommand.commandLine(environment)
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(out))
                .execute(arguments.toArray(String[]::new));
        assertThat(exitCode).as(out.toString()).isEqualTo(expectedExitCode);
        return out.toString();
    }
}
