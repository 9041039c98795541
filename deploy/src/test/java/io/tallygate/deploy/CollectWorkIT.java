package io.tallygate.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.tallygate.deploy.demo.DemoClient;
import io.tallygate.deploy.demo.DemoClients;
import io.tallygate.deploy.demo.TokenMint;
import io.tallygate.deploy.files.FocusText;
import io.tallygate.deploy.testing.HttpCaller;
import io.tallygate.deploy.testing.HttpCaller.Answer;
import io.tallygate.deploy.testing.TestGateway;
import io.tallygate.deploy.testing.TestIdentity;
import io.tallygate.deploy.testing.TestWorld;
import io.tallygate.gateway.testing.FakeCloudKitty;
import io.tallygate.gateway.testing.TestTokens;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import io.tallygate.store.testing.TestPostgres;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
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
    private static final int HOURS = 4;
    private static final String PROJECT = FakeCloudKitty.LAGGARD;
    private static final String DOMAIN = "1bc2169ca88e4cdaaba46d4c15390b65";

    private final Instant now = Instant.now().truncatedTo(ChronoUnit.HOURS);
    private final FakeCloudKitty kitty = new FakeCloudKitty();
    private final TestGateway stamp = TestGateway.lagging(TestPostgres.fresh(), Duration.ofDays(2));
    private final TenantId tenant = new TenantId(UUID.randomUUID());

    @TempDir
    private Path directory;

    private ConfiguredGateway central;
    private HttpCaller operator;
    private SubscriptionId subscription;

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
        }
        world.post(events.toString(), true);
        world.sealThrough(now);
        kitty.projects(new JsonObject()
                .put(
                        "projects",
                        new JsonArray()
                                .add(new JsonObject()
                                        .put("id", PROJECT)
                                        .put("name", "demo")
                                        .put("domain_id", DOMAIN)
                                        .put("enabled", true))));
        for (int hour = 1; hour <= HOURS; hour++) {
            kitty.add(now.minus(hour, ChronoUnit.HOURS), "instance", FakeCloudKitty.point(PROJECT, "vm", "0." + hour));
        }
        central = new ConfiguredGateway(directory);
        central.settings
                .put(
                        "collect.sources",
                        new JsonArray().add(source()).add(openStack()).add(files()))
                .put("collect.interval", "PT0.1S")
                .put("gaps.interval", "PT1S");
        central.start();
        String token = central.tokens.with(central.tokens
                .claims()
                .put("tid", TestTokens.OPERATOR.toString())
                .put("roles", new JsonArray().add("Usage.Read.All").add("Registration.ReadWrite")));
        operator = HttpCaller.at(central.url(), TestIdentity.get().tls(), token);
    }

    @AfterEach
    void stop() {
        central.close();
        stamp.close();
        kitty.close();
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

    private JsonObject openStack() {
        return new JsonObject()
                .put("name", "openstack")
                .put("type", "cloudKitty")
                .put("registration", "elsewhere")
                .put("url", kitty.url().toString())
                .put("authUrl", kitty.url() + "/v3")
                .put("applicationCredentialId", "id")
                .put("applicationCredentialSecret", "secret")
                .put("lag", "PT0S")
                .put("begins", now.minus(HOURS, ChronoUnit.HOURS).toString());
    }

    private JsonObject files() throws IOException {
        return new JsonObject()
                .put("name", "files")
                .put("type", "directory")
                .put("registration", "here")
                .put("path", Files.createDirectory(directory.resolve("in")).toString());
    }

    private void arrive(String name, String row) throws IOException {
        Path part = Files.writeString(directory.resolve("in").resolve(name + ".part"), FocusText.HEADER + row);
        Files.move(part, directory.resolve("in").resolve(name));
    }

    private JsonNode source(String name) {
        for (JsonNode source : operator.get("/sources").json().path("value")) {
            if (source.path("source").asText().equals(name)) {
                return source;
            }
        }
        return MissingNode.getInstance();
    }

    private void register(String name) {
        Answer made = operator.put(
                "/subscriptions/" + UUID.randomUUID()
                        + "/resourceGroups/rg/providers/Microsoft.AzureStack/registrations/" + name
                        + "?api-version=2022-06-01",
                "{\"location\":\"global\",\"properties\":{\"registrationToken\":\"token\"}}");
        assertThat(made.status()).as(made.body()).isEqualTo(201);
    }

    @Test
    void nothingIsAskedBeforeTheRegistrationIsThereAndThenAllIsCollected() throws IOException {
        await().until(() -> source("north").isObject());
        JsonNode waiting = source("north");
        assertThat(waiting.path("trouble").asText()).isEqualTo("its registration here is not there");
        assertThat(waiting.path("configured").asBoolean()).isTrue();
        assertThat(waiting.path("registrationId").isNull()).isTrue();
        assertThat(central.management("/health/ready").body())
                .contains("The source files is not collected: its registration is not there");
        assertThat(central.management("/health/ready").body())
                .contains("The source north is not collected: its registration is not there");
        assertThat(central.management("/metrics").body())
                .contains("tallygate_collect_lag_seconds{source=\"north\"} +Inf");

        register("here");
        String through = now.toString().replace("Z", "+00:00");
        awaitCompleteThrough("north", through);

        assertThat(central.postgres.query(RECORDS))
                .hasSize(2 * HOURS)
                .isEqualTo(stamp.postgres().query(RECORDS));
        assertThat(central.postgres.query("select source, count(*) from usage_identity group by 1"))
                .containsExactly("collect:north|" + 2 * HOURS);
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
                .contains("tallygate_collect_records_total{outcome=\"Accepted\",source=\"north\"} " + 2.0 * HOURS);
        assertThat(source("north").path("trouble").isNull()).isTrue();
        assertThat(run(0, "north", "--windows", "2")).contains("north is complete through " + now, "not final there");
        anOpenStackIsCollectedAsWell(through);
        filesAreTakenAsWell(through);
        await("somebody looks for gaps")
                .until(() -> central.postgres
                        .query("select looked_at is not null from gap_state")
                        .equals(List.of("t")));
    }

    private void awaitCompleteThrough(String source, String through) {
        await().atMost(Duration.ofMinutes(1))
                .until(() -> source(source).path("completeThrough").asText().equals(through));
    }

    private void anOpenStackIsCollectedAsWell(String through) {
        Answer meter = operator.put(
                "/meters/instance", "{\"name\":\"Instance hours\",\"unit\":\"hours\",\"chargeable\":true}");
        assertThat(meter.status()).as(meter.body()).isEqualTo(200);
        register("elsewhere");
        awaitCompleteThrough("openstack", through);
        assertThat(central.postgres.query("select s.tenant_id, s.display_name, m.meter_id, sum(r.quantity), count(*)"
                        + " from usage_record r join subscription s using (subscription_id) join meter m using (meter_key)"
                        + " where r.subscription_id = '0c4e939a-cacf-4376-bdcd-1129f1a054ad' group by 1, 2, 3"))
                .containsExactly("1bc2169c-a88e-4cda-aba4-6d4c15390b65|demo|instance|1.000000000000000|" + HOURS);
    }

    private void filesAreTakenAsWell(String through) throws IOException {
        arrive("bad.csv", FocusText.row(subscription, now.minus(1, ChronoUnit.HOURS), "1", "much"));
        arrive("good.csv", FocusText.row(subscription, now.minus(1, ChronoUnit.HOURS), "1", "0.25"));
        await().atMost(Duration.ofMinutes(1)).until(() -> {
            JsonNode files = source("files").path("files");
            return files.path("taken").asInt() == 1 && files.path("failed").asInt() == 1;
        });
        JsonNode files = source("files");
        assertThat(files.path("completeThrough").isNull()).isTrue();
        assertThat(files.path("reason").asText()).isEqualTo("files");
        assertThat(files.at("/counts/accepted").asInt()).isEqualTo(1);
        assertThat(files.at("/files/problems/0/name").asText()).isEqualTo("bad.csv");
        assertThat(files.at("/files/problems/0/problem").asText()).startsWith("line 2: `ConsumedQuantity`");
        assertThat(central.postgres.query("select count(*) from usage_identity where source = 'collect:files'"))
                .containsExactly("1");
        JsonNode complete = operator.get("/completeness").json();
        assertThat(complete.at("/sources/0/reason").asText()).isEqualTo("files");
        assertThat(complete.at("/registrations/0/reason").asText()).isEqualTo("files");
        assertThat(complete.at("/registrations/0/completeThrough").asText()).isEqualTo(through);
        assertThat(complete.path("tenants"))
                .filteredOn(each -> each.path("tenantId").asText().equals(tenant.toString()))
                .singleElement()
                .satisfies(each -> {
                    assertThat(each.path("completeThrough").isNull()).isTrue();
                    assertThat(each.path("reason").asText()).isEqualTo("files");
                });
        assertThat(central.management("/metrics").body())
                .contains("tallygate_collect_records_total{outcome=\"Accepted\",source=\"files\"} 1.0");

        arrive("next.csv", FocusText.row(subscription, now.minus(1, ChronoUnit.HOURS), "2", "1"));
        Files.writeString(directory.resolve("in").resolve("later.csv.part"), "");
        assertThat(run(1, "files"))
                .contains(
                        "good.csv is taken",
                        "later.csv.part is not all there yet",
                        "bad.csv would not be taken: line 2")
                .containsPattern(
                        "next.csv (would be taken: 1 rows, 0 of them no usage, 1 records, 0 too old|is taken)");
    }

    @Test
    void aDryRunShowsWhatWouldComeAndWritesNothing() {
        String shown = run(1, "north", "--windows", Integer.toString(HOURS));
        assertThat(shown)
                .contains("The registration of north, here, is not there: nothing is collected before it is.")
                .contains("north was not collected yet: it would begin with " + now.minus(HOURS + 2, ChronoUnit.HOURS))
                .contains(now.minus(HOURS + 2, ChronoUnit.HOURS) + " to " + now.minus(HOURS + 1, ChronoUnit.HOURS)
                        + ", 1 pages")
                .contains("  nothing")
                .containsPattern(subscription + "  " + TestWorld.CORE_HOURS + " +1 rows +1 records")
                .contains("  in all 2 rows, 2 records");
        assertThat(run(1, "openstack"))
                .containsPattern("0c4e939a-cacf-4376-bdcd-1129f1a054ad  instance +1 rows +1 records");
        for (String table : List.of("collect_window", "usage_identity")) {
            assertThat(central.postgres.query("select count(*) from " + table)).containsExactly("0");
        }
    }

    private String run(int expectedExitCode, String source, String... more) {
        StringWriter out = new StringWriter();
        List<String> arguments = new java.util.ArrayList<>(
                List.of("collect", "--config", central.file().toString(), "--dry-run", "--source", source));
        arguments.addAll(List.of(more));
        int exitCode = TallygateCommand.commandLine(Map.of())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(out))
                .execute(arguments.toArray(String[]::new));
        assertThat(exitCode).as(out.toString()).isEqualTo(expectedExitCode);
        return out.toString();
    }
}
