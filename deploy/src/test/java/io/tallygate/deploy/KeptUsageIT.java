package io.tallygate.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tallygate.deploy.config.RetentionConfig;
import io.tallygate.deploy.testing.HttpCaller;
import io.tallygate.deploy.testing.HttpCaller.Answer;
import io.tallygate.deploy.testing.TestGateway;
import io.tallygate.store.Database;
import io.tallygate.store.DatabaseConfig;
import io.tallygate.store.Partitions;
import io.tallygate.store.audit.Actor;
import io.tallygate.store.retention.RetentionStore;
import io.tallygate.store.testing.TestPostgres;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What is older than the retention is shown, dropped by command, and refused from then on. */
class KeptUsageIT {
    private final YearMonth month = YearMonth.now(ZoneOffset.UTC).minusMonths(5);
    private final YearMonth next = month.plusMonths(1);
    private final TestPostgres postgres = TestPostgres.fresh();

    @Test
    void monthsThatArePastAreDroppedByCommandAndRefusedFromThenOn() {
        fill();
        try (TestGateway gateway = TestGateway.paused(postgres)) {
            HttpCaller operator = HttpCaller.operator(gateway);
            Answer before = operator.get(usage(month, ""));
            assertThat(before.json().path("value")).hasSize(1000);
            String nextLink = before.json().path("nextLink").asText();
            nextLink = nextLink.substring(nextLink.indexOf("/subscriptions/"));

            assertThat(retention(0))
                    .contains("for 70 days", "nothing was dropped yet", month + "  ", ", final\n", "--apply drops")
                    .containsPattern("usage_daily +1200 rows");
            postgres.execute("insert into delivery_event (payer_subscription_id, reported_time, event_key, endpoint,"
                    + " effective_time, quantity, record_count, row_count, body, body_hash, state) values"
                    + " (gen_random_uuid(), '" + next + "-02Z', gen_random_uuid(), 'default', '" + next
                    + "-01Z', 1, 1, 1, '', '', 'dead')");
            assertThat(retention(1, "--apply")).contains("Dropped " + month + ": 0 records", "stays: 1 dead events");

            for (String path : List.of(
                    usage(month, ""),
                    usage(month, "&$format=ndjson"),
                    nextLink,
                    "/usage/summary?from=" + month + "-01&to=" + next + "-01",
                    "/usage/sources?from=" + month + "-01&to=" + month + "-02",
                    "/reconciliation?from=" + month + "-01&to=" + next + "-02&groupBy=meter")) {
                Answer refused = operator.get(path);
                assertThat(refused.status()).as(path).isEqualTo(400);
                assertThat(refused.errorCode()).as(path).isEqualTo("RequestStartTimeBeforeRetention");
                assertThat(refused.body()).contains("Usage before " + next + "-01T00:00:00Z is not kept any more");
            }
            assertThat(operator.send("HEAD", usage(month, ""), null, null).status())
                    .isEqualTo(400);
            assertThat(operator.get(usage(next, "")).json().path("value")).isEmpty();
            assertThat(operator.get("/reconciliation?from=" + month + "-01&to=" + next + "-02")
                            .json()
                            .path("balanced")
                            .asBoolean())
                    .isTrue();
            assertThat(operator.get("/audit?action=retention.drop")
                            .json()
                            .at("/value/0/target")
                            .asText())
                    .isEqualTo(month + "-01T00:00:00Z");
            assertThat(retention(1)).contains("what was reported before " + next + "-01 is dropped");
        }
    }

    @Test
    void whatIsFinalIsDroppedByItselfWhereThatIsSwitchedOn() {
        fill();
        String ahead = "usage_record_"
                + YearMonth.now(ZoneOffset.UTC).plusMonths(3).toString().replace('-', '_');
        work(false, "select from pg_class where relname = '" + ahead + "'");
        assertThat(postgres.query("select floor from retention_state")).containsExactly("null");
        work(true, "select from retention_state where floor = '" + next + "-01Z'");
    }

    // Until there is such a row.
    private void work(boolean enabled, String row) {
        Vertx vertx = Vertx.vertx();
        Database database = Database.open(vertx, postgres.config());
        try {
            postgres.execute("insert into quarantined_record (source, record_id, payload_hash, reason, subscription_id,"
                    + " meter_id, resource_uri, location, usage_start, usage_end, quantity) values ('s', '" + enabled
                    + "', '', 'MeterUnknown', md5('s')::uuid, 'm', '/x', 'l', '" + next + "-01Z', '" + next
                    + "-01Z', 1)");
            String work = vertx.deployVerticle(new RetentionWork(
                            new RetentionStore(database, new Partitions()),
                            new RetentionConfig(Duration.ofDays(70), enabled),
                            new Actor(UUID.randomUUID(), "tallygate", "test"),
                            Duration.ofMillis(1)))
                    .await();
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> !postgres.query(row).isEmpty());
            vertx.undeploy(work).await();
        } finally {
            vertx.close().await();
        }
    }

    @Test
    void withLessThanTwoMonthsOfRetentionNothingIsDropped() {
        assertThat(run(1, "61d")).contains("less than 62 days");
    }

    private void fill() {
        postgres.execute("""
                select ensure_partitions('%1$s-01Z'), ensure_partitions('%2$s-01Z');
                insert into subscription (subscription_id, tenant_id, display_name, owner, state, provider_subscription_id)
                select md5('s')::uuid, md5('t')::uuid, 'Test', '', 'Enabled', md5('s')::uuid;
                insert into instance (subscription_id, digest, resource_uri, location, instance_data)
                values (md5('s')::uuid, '', '/i', 'local', '"{}"');
                insert into usage_daily (reported_time, seq, subscription_id, meter_key, instance_id, usage_time, quantity,
                  record_count)
                select '%1$s-01Z', n, subscription_id, 1, instance_id, '%1$s-01Z', 1, 1
                from instance, generate_series(1, 1200) n;
                update window_state set first_hour = '%1$s-01Z', sealed_through = date_trunc('hour', now()),
                  closed_through = date_trunc('hour', now());
                update routing_state set routed_through = date_trunc('hour', now());
                analyze""".formatted(month, next));
    }

    private String usage(YearMonth from, String more) {
        return "/subscriptions/" + TestGateway.OPERATOR_SUBSCRIPTION
                + "/providers/Microsoft.Commerce.Admin/subscriberUsageAggregates?api-version=2015-06-01-preview"
                + "&reportedStartTime=" + from + "-01T00:00:00Z&reportedEndTime="
                + Instant.parse(YearMonth.now(ZoneOffset.UTC) + "-01T00:00:00Z") + more;
    }

    private String retention(int exitCode, String... options) {
        return run(exitCode, "70d", options);
    }

    private String run(int exitCode, String keep, String... options) {
        DatabaseConfig database = postgres.config();
        StringWriter out = new StringWriter();
        CommandLine command = TallygateCommand.commandLine(Map.ofEntries(
                Map.entry("TALLYGATE_DATABASE_URL", database.url()),
                Map.entry("TALLYGATE_DATABASE_USER", database.user()),
                Map.entry("TALLYGATE_DATABASE_PASSWORD", database.password()),
                Map.entry("TALLYGATE_OPERATOR_TENANT_ID", "6f0c8d1e-2b1f-4c5e-9b43-2f9a51d0c1a7"),
                Map.entry("TALLYGATE_OPERATOR_SUBSCRIPTION_ID", "b2a5a0c6-6a0e-4c43-8a57-0d7c3d3b9e10"),
                Map.entry("TALLYGATE_AUTH_AUDIENCES", "https://usage.example.com"),
                Map.entry(
                        "TALLYGATE_AUTH_ISSUERS", "[{\"issuer\": \"https://login.example.com\", \"tenants\": \"*\"}]"),
                Map.entry("TALLYGATE_CONTINUATION_SECRET", "a-secret-of-more-than-thirty-two-characters"),
                Map.entry("TALLYGATE_USAGE_RETENTION", keep)));
        PrintWriter text = new PrintWriter(out);
        String[] arguments = new String[options.length + 1];
        arguments[0] = "retention";
        System.arraycopy(options, 0, arguments, 1, options.length);
        assertThat(command.setOut(text).setErr(text).execute(arguments))
                .as(out::toString)
                .isEqualTo(exitCode);
        return out.toString();
    }
}
