package io.tallygate.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.deploy.operate.RerouteCommand;
import io.tallygate.deploy.testing.HttpCaller;
import io.tallygate.deploy.testing.HttpCaller.Answer;
import io.tallygate.deploy.testing.TestEvents;
import io.tallygate.deploy.testing.TestGateway;
import io.tallygate.deploy.testing.TestIdentity;
import io.tallygate.deploy.testing.TestWorld;
import io.tallygate.deploy.testing.TokenFiles;
import io.tallygate.gateway.auth.Role;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import io.tallygate.store.testing.TestPostgres;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The commands for operators, each against a whole gateway. */
class OperateIT {
    private static final Instant HOUR = Instant.parse("2026-11-01T10:00:00Z");

    private static TestGateway gateway;
    private static TestEvents events;
    private static SubscriptionId subscription;

    @TempDir
    Path directory;

    private final UUID payer = UUID.randomUUID();
    private String out;
    private String err;

    @BeforeAll
    static void start() {
        gateway = TestGateway.paused(TestPostgres.fresh());
        events = new TestEvents(gateway.postgres());
        TestWorld world = new TestWorld(gateway);
        world.registration(UUID.randomUUID(), "north");
        subscription = world.subscription(new TenantId(UUID.randomUUID()));
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @AfterEach
    void release() {
        gateway.postgres().execute("delete from delivery_hold; delete from payer_hold; delete from routed_exclusion");
    }

    private int tallygate(Map<String, String> environment, Object... arguments) {
        StringWriter outText = new StringWriter();
        StringWriter errText = new StringWriter();
        int exitCode = TallygateCommand.commandLine(environment)
                .setOut(new PrintWriter(outText))
                .setErr(new PrintWriter(errText))
                .execute(Arrays.stream(arguments).map(Object::toString).toArray(String[]::new));
        out = outText.toString();
        err = errText.toString();
        return exitCode;
    }

    private int operator(Object... arguments) {
        return tallygate(
                Map.of("TALLYGATE_OPERATOR_TOKEN", TestIdentity.get().token(TestIdentity.OPERATOR, Role.values())),
                Stream.concat(
                                Stream.of(arguments),
                                Stream.of(
                                        "--url",
                                        gateway.url(),
                                        "--ca",
                                        TestIdentity.get().caFile()))
                        .toArray());
    }

    private void succeeds(Object... arguments) {
        assertThat(operator(arguments)).as(err + out).isZero();
    }

    @Test
    void booksThatBalanceAreZeroAndOthersAreOne() {
        succeeds("reconcile", "--from", "2026-10-01", "--to", "2026-10-02", "--by", "day,tenant,payer");
        assertThat(out).contains("accepted", "(quarantined)", "Balanced.");

        gateway.postgres().execute("""
                insert into routed_exclusion (reported_time, subscription_id, meter_key, reason, quantity, record_count)
                select '2026-10-01T05:00:00Z', 'SUBSCRIPTION', min(meter_key), 'notBilled', 2.5, 3 from meter
                """.replace("SUBSCRIPTION", subscription.toString()));
        assertThat(operator("reconcile", "--from", "2026-10-01", "--to", "2026-10-02"))
                .isEqualTo(1);
        assertThat(out)
                .containsPattern("notBilled +3 +2.5")
                .containsPattern("2026-10-01 +NO +3")
                .contains("NOT BALANCED");
        assertThat(operator("reconcile", "--from", "2026-10-01", "--to", "2026-10-02", "--json"))
                .isEqualTo(1);
        assertThat(Answer.parse(out).at("/rows/0/notBilled/quantity").decimalValue())
                .isEqualByComparingTo("2.5");
        assertThat(operator("reconcile", "--from", "2026-10-02", "--to", "2026-10-03", "--by", "weather"))
                .isEqualTo(1);
        assertThat(err).contains("tallygate reconcile: the gateway answered 400 InvalidProperty", "groupBy");
        assertThat(operator("reconcile", "--from", "yesterday")).isEqualTo(2);
        operator("reconcile");
        assertThat(out)
                .contains("Reported from " + LocalDate.now(ZoneOffset.UTC).minusDays(30));
    }

    @Test
    void eventsAreListedShownRequeuedAndWaived() {
        UUID dead = events.pending(payer, subscription, HOUR, "1.5");
        UUID negative = events.pending(payer, subscription, HOUR, "-1");
        events.set(dead, "state = 'dead', reason = 'Expired', attempts = 2");
        events.set(negative, "state = 'manual', reason = 'NegativeSum'");

        succeeds("deliveries", "list", "--payer", payer);
        assertThat(out).containsPattern(dead + " +dead +Expired +2 +default +" + payer);
        succeeds("deliveries", "list", "--payer", payer, "--limit", "1", "--json");
        assertThat(Answer.parse(out).path("payerSubscriptionId").asText()).isEqualTo(payer.toString());
        assertThat(err).contains("There are more");
        succeeds("deliveries", "show", dead);
        assertThat(Answer.parse(out).at("/body/quantity").decimalValue()).isEqualByComparingTo("1.5");

        assertThat(operator("deliveries", "requeue", dead, negative, "--reason", "again"))
                .isEqualTo(1);
        assertThat(out).contains(dead + " pending");
        assertThat(err).contains(negative + ": the gateway answered 409 Conflict");
        events.set(negative, "unknown_since = now()");
        assertThat(operator("deliveries", "waive", negative, "--reason", "a gift"))
                .isEqualTo(1);
        succeeds("deliveries", "waive", negative, "--reason", "a gift", "--accept-billed");
        assertThat(events.get(negative, "state")).isEqualTo("waived");
        events.set(dead, "state = 'manual', reason = 'OutcomeUnknown'");
        assertThat(operator("deliveries", "requeue", dead)).isEqualTo(1);
        succeeds("deliveries", "requeue", dead, "--accept-duplicate-risk");

        assertThat(operator("deliveries", "list", "--state", "lost")).isEqualTo(1);
        assertThat(operator("deliveries", "list", "--limit", "0")).isEqualTo(2);
        assertThat(operator("deliveries", "show", "x")).isEqualTo(2);
        assertThat(operator("deliveries", "waive", dead)).isEqualTo(2);
        assertThat(operator("deliveries")).isEqualTo(2);
    }

    @Test
    void holdsAreSetAndShownAndEnded() {
        events.pending(payer, subscription, HOUR, "1");
        succeeds("payers", "hold", payer, "--reason", "a quarrel");
        succeeds("payers", "list", "--held");
        assertThat(out).containsPattern(payer + " +0 +1 +0 +0 +0 +0 +0 +yes +.* a quarrel");
        succeeds("payers", "list", "--json");
        assertThat(out).contains("\"payerSubscriptionId\":\"" + payer + "\"");
        succeeds("payers", "resume", payer);
        succeeds("payers", "list", "--held");
        assertThat(out).doesNotContain(payer.toString());

        succeeds("deliveries", "hold", "--reason", "maintenance");
        succeeds("deliveries", "endpoints");
        assertThat(out).containsPattern("default +[1-9]").contains("Deliveries are held since", "maintenance");
        succeeds("deliveries", "resume");
        succeeds("deliveries", "endpoints");
        assertThat(out).doesNotContain("held");
    }

    private Path file(String name, String... lines) throws IOException {
        return Files.write(directory.resolve(name), List.of(lines));
    }

    @Test
    void theEndpointsBookIsReadInEveryForm() throws IOException {
        events.pending(payer, subscription, HOUR, "1.5");
        String time = "2026-11-01T10:00:00Z";
        String entry = "{\"payer\":\"" + payer + "\",\"dimension\":\"core\",\"effectiveTime\":\"" + time
                + "\",\"quantity\":1.50,\"planId\":\"p\"}";
        List<Path> books = List.of(
                file("array.json", "[" + entry + "]"),
                file("lines.ndjson", entry),
                file(
                        "book.csv",
                        "quantity,planId,resourceId,dimension,effectiveStartTime",
                        "1.5,p," + payer + ",core," + time),
                file(
                        "demo.json",
                        "{\"total\":{},\"subscriptions\":[{\"resourceId\":\"" + payer + "\",\"events\":[{\"dimension\":"
                                + "\"core\",\"effectiveStartTime\":\"" + time + "\",\"quantity\":\"1.5\"}]}]}"));
        for (Path book : books) {
            succeeds("deliveries", "compare", book);
            assertThat(out).as(book.toString()).contains("1 entries: 0 delivered here as well, 1 match", "--apply");
        }
    }

    @Test
    void whatMatchesIsAppliedAndWhatDiffersIsShown() throws IOException {
        String endpoint = "compared";
        UUID same = events.pending(payer, subscription, HOUR, "1.5");
        UUID other = events.pending(payer, subscription, HOUR, "2");
        UUID unbilled = events.pending(payer, subscription, HOUR, "3");
        for (UUID key : List.of(same, other, unbilled)) {
            events.set(key, "endpoint = '" + endpoint + "'");
        }
        Path book = file("book.csv", "key,quantity", same + ",1.5", other + ",9", UUID.randomUUID() + ",7");

        assertThat(operator("deliveries", "compare", book, "--endpoint", endpoint, "--apply"))
                .isEqualTo(1);
        assertThat(err).contains("Deliveries are not held");
        succeeds("deliveries", "hold", "--reason", "restored");
        assertThat(operator("deliveries", "compare", book, "--endpoint", endpoint, "--apply"))
                .isEqualTo(1);
        assertThat(out)
                .containsPattern("differs +9 +2 +held")
                .containsPattern("unknown +7")
                .contains(
                        "3 entries: 0 delivered here as well, 1 match", "1 marked as delivered", "1 pending events of");
        assertThat(events.get(same, "state")).isEqualTo("delivered");
        assertThat(events.get(other, "state")).isEqualTo("pending");
        assertThat(operator("deliveries", "resume")).isEqualTo(1);
        assertThat(err).contains("409", "deliveries resume --compared");
        succeeds("deliveries", "resume", "--compared");
        succeeds("deliveries", "compare", file("one.csv", "key,quantity", same + ",1.5"), "--endpoint", endpoint);
        assertThat(out).contains("1 entries: 1 delivered here as well", "2 pending events of");
    }

    @Test
    void whatDiffersIsShownFirstAndWhatWasPostedAgainIsFoundByContent() throws IOException {
        String endpoint = "lost";
        UUID differs = events.pending(payer, subscription, HOUR, "2");
        UUID again = events.pending(payer, subscription, HOUR, "1.5");
        for (UUID key : List.of(differs, again)) {
            events.set(key, "endpoint = '" + endpoint + "'");
        }
        UUID lost = UUID.randomUUID();
        String hour = "," + payer + ",core,2026-11-01T10:00:00Z,";
        Path book = file(
                "lost.csv",
                "key,payerSubscriptionId,dimension,effectiveTime,quantity",
                UUID.randomUUID() + hour + "7",
                lost + hour + "1.5",
                differs + ",,,,9");

        assertThat(operator("deliveries", "compare", book, "--endpoint", endpoint))
                .isEqualTo(1);
        assertThat(out)
                .containsPattern(
                        "(?s)3 +differs +9 +2 .*2 +matches +1.5 +1.5 .*" + lost + " +" + again + ".*1 +unknown +7");
        assertThat(operator("deliveries", "compare", book, "--endpoint", endpoint, "--limit", "1"))
                .isEqualTo(1);
        assertThat(out).contains("differs", "… and 2 more", "1 match").doesNotContain("unknown");
        assertThat(operator("deliveries", "compare", book, "--endpoint", endpoint, "--limit", "0"))
                .isEqualTo(2);

        assertThat(operator("deliveries", "compare", book, "--endpoint", endpoint, "--json"))
                .isEqualTo(1);
        assertThat(out.lines()).hasSize(3);
        assertThat(err).contains("3 entries:");
        JsonNode first = Answer.parse(out.lines().findFirst().orElseThrow());
        assertThat(first.path("billed").asInt()).isEqualTo(9);
        assertThat(first.path("here").asInt()).isEqualTo(2);
    }

    @Test
    void aBookThatCannotBeReadIsTwo() throws IOException {
        Map<Path, String> wrong = new HashMap<>();
        wrong.put(directory.resolve("absent"), "not a readable file");
        wrong.put(file("broken.json", "[{"), "is not JSON");
        wrong.put(file("numbers.json", "[1]"), "entry 1: expected a JSON object");
        wrong.put(file("quantity.csv", "key,quantity", "k,lots"), "entry 1: `quantity`");
        wrong.put(file("none.ndjson", "{\"key\":\"k\"}"), "entry 1: `quantity`");
        wrong.put(file("short.json", "{\"subscriptions\":[{\"resourceId\":\"x\"}]}"), "no `events`");
        wrong.forEach((book, message) -> {
            assertThat(operator("deliveries", "compare", book))
                    .as(book.toString())
                    .isEqualTo(2);
            assertThat(err).contains("tallygate deliveries compare: ", message);
        });
    }

    @Test
    void withoutAUrlTheRunningDemoIsAsked() throws IOException {
        Path demo = Files.createDirectories(directory.resolve("tallygate/demo"));
        Files.writeString(
                demo.resolve("demo.json"),
                "{\"baseUrl\":\"" + gateway.url() + "\",\"caFile\":\""
                        + TestIdentity.get().caFile()
                        + "\",\"reporter\":{\"token\":\"r\"},\"operator\":{\"token\":\""
                        + TestIdentity.get().token(TestIdentity.OPERATOR, Role.values()) + "\"}}");
        Map<String, String> environment = Map.of("XDG_STATE_HOME", directory.toString());
        assertThat(tallygate(environment, "deliveries", "list")).as(err).isZero();
        assertThat(tallygate(environment, "payers", "list", "--token-file", TokenFiles.of("nonsense")))
                .isEqualTo(1);
        assertThat(err).contains("tallygate payers list: the gateway answered 401");
        assertThat(tallygate(Map.of("XDG_STATE_HOME", directory + "/nowhere"), "payers", "list"))
                .isEqualTo(2);
        assertThat(err).contains("no demo found");
        assertThat(tallygate(Map.of(), "payers", "list", "--url", gateway.url()))
                .isEqualTo(2);
        assertThat(err).contains("TALLYGATE_OPERATOR_TOKEN");
    }

    private int reroute(String answer, String... more) {
        StringWriter outText = new StringWriter();
        StringWriter errText = new StringWriter();
        int exitCode = new CommandLine(new RerouteCommand(
                        Map.of(
                                "TALLYGATE_OPERATOR_TOKEN",
                                TestIdentity.get().token(TestIdentity.OPERATOR, Role.values())),
                        question -> answer))
                .setOut(new PrintWriter(outText))
                .setErr(new PrintWriter(errText))
                .execute(Stream.concat(
                                Stream.of(
                                        "--url",
                                        gateway.url().toString(),
                                        "--ca",
                                        TestIdentity.get().caFile().toString()),
                                Stream.of(more))
                        .toArray(String[]::new));
        out = outText.toString();
        err = errText.toString();
        return exitCode;
    }

    private static List<String> pairs() {
        return gateway.postgres().query("select kind from routed_usage where kind <> 'original' order by kind");
    }

    @Test
    void aRerouteIsShownAndAskedFor() {
        UUID wrongPayer = UUID.randomUUID();
        gateway.postgres().execute("""
                select ensure_partitions('2026-10-05T10:00:00Z');
                insert into routed_usage (payer_subscription_id, reported_time, seq, kind, registration_id, tenant_id,
                  subscription_id, fallback, meter_key, commerce_meter_id, instance_id, usage_time, quantity, record_count)
                select 'PAYER', '2026-10-05T10:00:00Z', 1, 'original', registration_id, tenant_id, 'SUB', false,
                  (select min(meter_key) from meter), 'core', 1, '2026-10-05T10:00:00Z', 2.5, 3
                from subscription where subscription_id = 'SUB';
                insert into event_row (subscription_id, reported_time, seq, endpoint, payer_subscription_id, dimension,
                  meter_key, usage_time, quantity, record_count)
                select subscription_id, reported_time, seq, 'default', payer_subscription_id, 'core', meter_key, usage_time,
                  quantity, record_count
                from routed_usage where subscription_id = 'SUB';
                update routing_state set routed_through = '2026-10-05T11:00:00Z'
                """.replace("SUB", subscription.toString()).replace("PAYER", wrongPayer.toString()));

        assertThat(reroute(null, "--from", "2026-10-05T10:00:00Z", "--dry-run"))
                .as(err)
                .isZero();
        assertThat(out).contains("This would move:").containsPattern(wrongPayer + " +[-0-9a-f]+ +1 +2.5 +1 +0 +0");
        assertThat(reroute("no", "--from", "2026-10-05T10:00:00Z")).isEqualTo(1);
        assertThat(reroute(null, "--from", "2026-10-05T10:00:00Z")).isEqualTo(1);
        assertThat(err).contains("Nothing was changed");
        assertThat(pairs()).isEmpty();
        assertThat(reroute("yes", "--from", "2026-10-05T10:00:00Z", "--registration", "north"))
                .as(err)
                .isZero();
        assertThat(out).contains("This moved:");
        assertThat(pairs()).containsExactly("rerouted", "reversal");
        assertThat(reroute(null, "--from", "2026-10-05T10:00:00Z", "--yes")).isZero();
        assertThat(out).contains("Nothing moves");

        assertThat(reroute(null, "--from", "2026-10-05T10:30:00Z", "--yes")).isEqualTo(1);
        assertThat(err).contains("`from`", "a whole UTC hour");
        assertThat(reroute(null, "--from", "2026-10-05T10:00:00Z", "--to", "2026-10-05T10:00:00Z", "--yes"))
                .isEqualTo(1);
        assertThat(err).contains("`to`");
        assertThat(reroute(null, "--from", "2026-10-05T10:00:00Z", "--registration", "south", "--yes"))
                .isEqualTo(1);
        assertThat(err).contains("`registration`");
        assertThat(reroute(null, "--from", "2026-10-05T10:00:00Z", "--yes", "--dry-run"))
                .isEqualTo(2);
        Answer misspelt = HttpCaller.operator(gateway)
                .post("/reroute?dryrum=true", "application/json", "{\"from\":\"2026-10-05T10:00:00Z\"}");
        assertThat(misspelt.errorCode()).isEqualTo("InvalidProperty");
        assertThat(misspelt.body()).contains("`dryrum`");
    }

    @Test
    void linesOfTheHelpFitATerminal() {
        for (String group : List.of("deliveries", "payers")) {
            for (CommandLine command : TallygateCommand.commandLine(Map.of())
                    .getSubcommands()
                    .get(group)
                    .getSubcommands()
                    .values()) {
                String longLines = command.getUsageMessage()
                        .lines()
                        .filter(line -> line.length() > 80)
                        .collect(Collectors.joining("\n"));
                assertThat(longLines).isEmpty();
            }
        }
    }
}
