package io.tallygate.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.deploy.testing.HttpCaller;
import io.tallygate.deploy.testing.HttpCaller.Answer;
import io.tallygate.deploy.testing.TestGateway;
import io.tallygate.deploy.testing.TestIdentity;
import io.tallygate.gateway.auth.Role;
import io.tallygate.store.directory.TenantId;
import io.tallygate.store.testing.TestPostgres;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The audit as operators and tenants see it, and what becomes visible when somebody with every right changes it. */
class AuditIT {
    private static final TenantId TENANT = new TenantId(UUID.randomUUID());
    private static final TenantId STRANGER = new TenantId(UUID.randomUUID());
    private static final String HASH_ANEW = """
            update audit_entry set hash = audit_hash(previous_hash, audit_id, recorded_at, tenant_id, subject, action, target,
              reason, detail, correlation_id)""";
    // What somebody does who has read how the chain is made.
    private static final String WRITE_ANEW = """
            do $$ declare
              e audit_entry;
              digest bytea := decode(repeat('00', 32), 'hex');
            begin
              for e in select * from audit_entry order by audit_id loop
                update audit_entry set previous_hash = digest, hash = audit_hash(digest, e.audit_id, e.recorded_at,
                  e.tenant_id, e.subject, e.action, e.target, e.reason, e.detail, e.correlation_id)
                where audit_id = e.audit_id returning hash into digest;
              end loop;
            end $$;
            update audit_head h set (audit_id, hash) = (select audit_id, hash from audit_entry order by audit_id desc limit 1)""";

    private static TestPostgres postgres;
    private static TestGateway gateway;
    private static String metrics;

    @TempDir
    Path directory;

    private String out;
    private String err;

    @BeforeAll
    static void start() throws Exception {
        postgres = TestPostgres.fresh();
        try (TestGateway first = TestGateway.paused(postgres)) {
            IntStream.range(0, 5).forEach(i -> meter(first, "before-" + i));
            for (int i = 0; i < 3; i++) {
                assertThat(tenant(first, TENANT).get("/windows").status()).isEqualTo(403);
                assertThat(HttpCaller.anonymous(first).get("/meters").status()).isEqualTo(401);
            }
            assertThat(tenant(first, STRANGER).get("/windows").status()).isEqualTo(403);
            metrics = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create(first.managementUrl() + "/metrics"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        }
        gateway = TestGateway.paused(postgres);
        postgres.execute("create table kept_entry as table audit_entry; create table kept_head as table audit_head");
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @AfterEach
    void restore() {
        postgres.execute("delete from audit_entry; insert into audit_entry select * from kept_entry;"
                + " update audit_head h set (audit_id, hash) = (select audit_id, hash from kept_head);"
                + " delete from audit_day_head");
    }

    private static HttpCaller tenant(TestGateway at, TenantId tenant) {
        return HttpCaller.of(at, tenant, Role.USAGE_READ);
    }

    private static Answer meter(TestGateway at, String id) {
        Answer answer = HttpCaller.operator(at).put("/meters/" + id, "{\"name\":\"" + id + "\",\"unit\":\"hours\"}");
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer;
    }

    private static List<JsonNode> entries(HttpCaller caller, String query) {
        Answer answer = caller.get("/audit" + query);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return Stream.iterate(0, i -> i + 1)
                .limit(answer.json().path("value").size())
                .map(i -> answer.json().path("value").path(i))
                .toList();
    }

    private int audit(Object... arguments) {
        StringWriter outText = new StringWriter();
        StringWriter errText = new StringWriter();
        int exitCode = TallygateCommand.commandLine(Map.of(
                        "TALLYGATE_OPERATOR_TOKEN", TestIdentity.get().token(TestIdentity.OPERATOR, Role.values())))
                .setOut(new PrintWriter(outText))
                .setErr(new PrintWriter(errText))
                .execute(Stream.concat(
                                Stream.of("audit"), Arrays.stream(arguments).map(Object::toString))
                        .toArray(String[]::new));
        out = outText.toString();
        err = errText.toString();
        return exitCode;
    }

    private Object[] withGateway(Object... arguments) {
        return Stream.concat(
                        Arrays.stream(arguments),
                        Stream.of(
                                "--url",
                                gateway.url(),
                                "--ca",
                                TestIdentity.get().caFile()))
                .toArray();
    }

    private int verify(Object... options) {
        return audit(withGateway(
                Stream.concat(Stream.of("verify"), Arrays.stream(options)).toArray()));
    }

    private long last() {
        return Long.parseLong(
                postgres.query("select max(audit_id) from kept_entry").get(0));
    }

    @Test
    void anOperatorReadsWhatEverybodyDid() {
        HttpCaller operator = HttpCaller.operator(gateway);
        List<JsonNode> all = entries(operator, "");

        assertThat(all).extracting(entry -> entry.path("auditId").asLong()).startsWith(1L, 2L, 3L);
        assertThat(all)
                .extracting(entry -> entry.path("action").asText())
                .contains("gateway.start", "subscription.put", "meter.put", "access.refused");
        JsonNode meter = entries(operator, "?target=/meters/before-2").get(0);
        assertThat(meter.path("tenantId").asText()).isEqualTo(TestIdentity.OPERATOR.toString());
        assertThat(Answer.parse(meter.path("detail").asText()).at("/after/unit").asText())
                .isEqualTo("hours");
        String at = meter.path("recordedAt").asText();
        assertThat(entries(operator, "?action=meter.put&from=" + at)).hasSize(3);
        assertThat(entries(operator, "?action=meter.put&to=" + at)).hasSize(2);
        assertThat(entries(operator, "?order=desc").get(0).path("auditId").asLong())
                .isEqualTo(last());
        assertThat(entries(operator, "?after=" + (last() - 1))).hasSize(1);
        assertThat(entries(operator, "?tenantId=" + TENANT)).hasSize(1);
        assertThat(entries(operator, "?subject=tallygate&action=gateway.start")).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "?order=up",
                "?after=x",
                "?tenantId=1",
                "?from=soon",
                "?from=2026-02-01&to=2026-01-01",
                "?actor=x",
                "/heads?after=0",
                "/heads?after=+999999999-01-01",
                "?target=%00"
            })
    void whatCannotBeAskedForIsRefused(String query) {
        Answer answer = HttpCaller.operator(gateway).get("/audit" + query);
        assertThat(answer.errorCode()).as(answer.body()).isEqualTo("InvalidProperty");
    }

    @Test
    void aTenantSeesWhatItWasRefusedAndNoPlacesOfOthers() {
        HttpCaller caller = tenant(gateway, TENANT);
        List<JsonNode> own = entries(caller, "");

        assertThat(own).hasSize(1);
        JsonNode entry = own.get(0);
        assertThat(entry.path("action").asText()).isEqualTo("access.refused");
        JsonNode detail = Answer.parse(entry.path("detail").asText());
        assertThat(detail.path("count").asInt()).isEqualTo(3);
        assertThat(detail.at("/refusals/0/status").asInt()).isEqualTo(403);
        assertThat(detail.at("/refusals/0/reason").asText()).isEqualTo("roleMissing");
        assertThat(detail.path("addresses")).hasSize(1);
        assertThat(entry.has("auditId") || entry.has("hash") || entry.has("previousHash"))
                .isFalse();
        assertThat(entries(caller, "?tenantId=" + TENANT)).isEqualTo(own);
        assertThat(entries(caller, "?after=" + entry.path("correlationId").asText()))
                .isEmpty();
        assertThat(caller.get("/audit?after=1").errorCode()).isEqualTo("InvalidProperty");
        String foreign = entries(tenant(gateway, STRANGER), "")
                .get(0)
                .path("correlationId")
                .asText();
        assertThat(caller.get("/audit?after=" + foreign).errorCode()).isEqualTo("InvalidProperty");
    }

    // At a gateway of its own: what it refuses it puts into the audit.
    @Test
    void nobodyAsksForTheAuditOfAnotherTenant() {
        try (TestGateway other = TestGateway.paused(postgres)) {
            HttpCaller caller = tenant(other, TENANT);
            assertThat(caller.get("/audit?tenantId=" + TENANT).status()).isEqualTo(200);
            assertThat(caller.get("/audit?tenantId=" + STRANGER).status()).isEqualTo(403);
            assertThat(caller.get("/audit?tenantId=" + TestIdentity.OPERATOR).status())
                    .isEqualTo(403);
            assertThat(caller.get("/audit/heads").status()).isEqualTo(403);
            assertThat(tenant(other, TestIdentity.OPERATOR).get("/audit").status())
                    .isEqualTo(403);
        }
        assertThat(postgres.query("select detail::jsonb ->> 'count' from audit_entry where audit_id > " + last()
                        + " and action = 'access.refused' order by 1"))
                .containsExactly("1", "3");
    }

    @Test
    void refusalsOfUnknownCallersAreOneEntryOfTheOperators() {
        List<JsonNode> unknown =
                entries(HttpCaller.operator(gateway), "?action=access.refused&tenantId=" + TestIdentity.OPERATOR);
        assertThat(unknown).hasSize(1);
        assertThat(unknown.get(0).path("subject").asText()).isEqualTo("(unknown callers)");
        assertThat(unknown.get(0).path("detail").asText())
                .contains("\"status\":401,\"reason\":\"noCredential\",\"count\":3");
        assertThat(metrics.lines())
                .contains(
                        "tallygate_refusals_total{reason=\"noCredential\",status=\"401\"} 3.0",
                        "tallygate_refusals_total{reason=\"roleMissing\",status=\"403\"} 4.0");
    }

    @Test
    void anEntryNamesTheRequestByTheIdInItsAnswer() {
        Answer answer = meter(gateway, "named");
        assertThat(postgres.query("select correlation_id from audit_entry where target = '/meters/named'"))
                .isEqualTo(answer.response().headers().allValues("x-ms-request-id"));
    }

    @Test
    void twoGatewaysAtOnceMakeOneChain() {
        try (TestGateway other = TestGateway.paused(postgres)) {
            IntStream.range(0, 40).parallel().forEach(i -> meter(i % 2 == 0 ? gateway : other, "at-once-" + i));
            assertThat(verify()).as(out + err).isZero();
            assertThat(out).startsWith(last() + 41 + " entries are as they were written");
        }
    }

    @Test
    void aChainThatNobodyTouchedIsWhole() {
        assertThat(verify()).as(out + err).isZero();
        assertThat(out).contains(last() + " entries are as they were written", "may have been cut off");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "update audit_entry set recorded_at = recorded_at + interval '1 microsecond' where audit_id = 3 | Entry 3 was changed",
                "update audit_entry set tenant_id = gen_random_uuid() where audit_id = 3 | Entry 3 was changed",
                "update audit_entry set subject = 'nobody' where audit_id = 3 | Entry 3 was changed",
                "update audit_entry set action = 'meter.pat' where audit_id = 3 | Entry 3 was changed",
                "update audit_entry set target = concat(target, ' ') where audit_id = 3 | Entry 3 was changed",
                "update audit_entry set reason = '' where audit_id = 3 | Entry 3 was changed",
                "update audit_entry set detail = '{}' where audit_id = 3 | Entry 3 was changed",
                "update audit_entry set correlation_id = '' where audit_id = 3 | Entry 3 was changed",
                "update audit_entry set hash = sha256('') where audit_id = 3 | Entry 3 was changed",
                "update audit_entry set previous_hash = sha256('') where audit_id = 3 | Entry 3 was changed",
                "update audit_entry set detail = '{}' where audit_id = 3; HASH | Entry 4 does not follow entry 3",
                "delete from audit_entry where audit_id = 3 | Entry 3 is missing",
                "delete from audit_entry where audit_id in (1, 2) | Entries 1 to 2 are missing",
                "delete from audit_entry where audit_id = 3; update audit_entry set audit_id = 3 where audit_id = LAST"
                        + " | Entry 3 was changed",
                "update audit_entry set audit_id = -3 where audit_id = 3; update audit_entry set audit_id = 3 where"
                        + " audit_id = 4; update audit_entry set audit_id = 4 where audit_id = -3 | Entry 3 was changed",
                "insert into audit_entry select 0, recorded_at, tenant_id, subject, action, target, reason, detail,"
                        + " correlation_id, previous_hash, hash from audit_entry where audit_id = 3 | Entry 0 was inserted",
                "insert into audit_entry select LAST + 1, recorded_at, tenant_id, subject, action, target, reason, detail,"
                        + " correlation_id, hash, hash from audit_entry where audit_id = LAST; HASH"
                        + " where audit_id > LAST | was inserted: the chain's head is entry",
                "delete from audit_entry where audit_id = LAST | is missing",
                "delete from audit_entry | are missing",
                "update audit_head set hash = sha256('') | The chain's head has another hash",
                "insert into audit_day_head values ('2026-01-01', 3, sha256('')) | Entries 1 to 3 were written anew",
            })
    void whoeverChangesItIsFound(String tampering, String found) {
        postgres.execute(tampering.replace("LAST", Long.toString(last())).replace("HASH", HASH_ANEW));

        assertThat(verify()).as(out + err).isEqualTo(1);
        assertThat(out).startsWith("BROKEN: ").contains(found);
    }

    @Test
    void onlyAHeadThatIsKeptElsewhereShowsThatTheEndWasCutOff() throws IOException {
        Path heads = keptHeads();
        assertThat(verify("--head", heads)).as(out + err).isZero();
        assertThat(out).contains("1 heads that are kept elsewhere agree");
        postgres.execute("delete from audit_entry where audit_id > 4;" + WRITE_ANEW);

        assertThat(verify()).as(out + err).isZero();
        assertThat(verify("--head", heads)).isEqualTo(1);
        assertThat(out).startsWith("BROKEN: Entries 5 to " + last() + " are missing");
    }

    @Test
    void onlyAHeadThatIsKeptElsewhereShowsThatAllWasWrittenAnew() throws IOException {
        Path heads = keptHeads();
        postgres.execute("update audit_entry set subject = 'somebody else' where audit_id = 4;" + WRITE_ANEW);

        assertThat(verify()).as(out + err).isZero();
        assertThat(verify("--head", heads)).isEqualTo(1);
        assertThat(out).startsWith("BROKEN: Entries 1 to " + last() + " were written anew");
    }

    private Path keptHeads() throws IOException {
        assertThat(audit(withGateway("heads"))).as(err).isZero();
        return Files.writeString(directory.resolve("heads"), out);
    }

    @Test
    void whatWasExportedIsVerifiedWithoutAGateway() throws IOException {
        Path file = directory.resolve("audit.ndjson");
        assertThat(audit(withGateway("export", "-o", file))).as(err).isZero();
        assertThat(Files.readAllLines(file)).hasSize((int) last());
        assertThat(audit(withGateway("export", "-o", file))).isEqualTo(2);
        assertThat(err).contains("--force");

        assertThat(audit("verify", "--file", file)).as(out + err).isZero();
        assertThat(out).startsWith(last() + " entries are as they were written");
        Files.writeString(file, Files.readString(file).replace("before-1", "before-0"));
        assertThat(audit("verify", "--file", file)).isEqualTo(1);
        assertThat(out).containsPattern("BROKEN: Entry \\d was changed");
        assertThat(audit("verify", "--file", directory)).isEqualTo(2);
    }

    @Test
    void theLatestEntriesAreListedFirst() {
        assertThat(audit(withGateway("list", "--action", "meter.put", "--limit", "2")))
                .as(err)
                .isZero();
        assertThat(out).containsSubsequence("before-4", "before-3").doesNotContain("before-2");
        assertThat(err).contains("There are more");
        assertThat(audit(withGateway("list", "--tenant", TENANT, "--json"))).isZero();
        assertThat(Answer.parse(out).path("subject").asText()).isNotEmpty();
        assertThat(audit(withGateway("list", "--limit", "0"))).isEqualTo(2);
    }
}
