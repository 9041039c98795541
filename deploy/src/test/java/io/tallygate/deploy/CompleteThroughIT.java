package io.tallygate.deploy;

import static io.tallygate.store.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.deploy.testing.HttpCaller;
import io.tallygate.deploy.testing.HttpCaller.Answer;
import io.tallygate.deploy.testing.StreamCaller;
import io.tallygate.deploy.testing.TestGateway;
import io.tallygate.deploy.testing.TestIdentity;
import io.tallygate.deploy.testing.TestWorld;
import io.tallygate.gateway.auth.Role;
import io.tallygate.store.Database;
import io.tallygate.store.collect.CollectCounts;
import io.tallygate.store.collect.CollectPlan;
import io.tallygate.store.collect.CollectStore;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import io.tallygate.store.testing.TestPostgres;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Answers say through when they are complete; sources are ended, and windows pulled again. */
class CompleteThroughIT {
    private static final String HEADER = "x-complete-through";

    private final Instant now = Instant.now().truncatedTo(ChronoUnit.HOURS);
    private final TestGateway gateway = TestGateway.lagging(TestPostgres.fresh(), Duration.ofDays(2));
    private final HttpCaller operator = HttpCaller.operator(gateway);
    private final TestWorld world = new TestWorld(gateway);
    private final TenantId tenant = new TenantId(UUID.randomUUID());
    private final TenantId provider = new TenantId(UUID.randomUUID());
    private final UUID payer = UUID.randomUUID();
    private SubscriptionId own;
    private SubscriptionId providing;

    @BeforeEach
    void collect() {
        String north = ",\"registrationId\":\"" + world.registration(payer, "north") + "\"";
        own = world.subscription(tenant, north);
        providing = world.subscription(provider, north);
        world.subscription(tenant, north + ",\"delegatedProviderSubscriptionId\":\"" + providing + "\"");
        Vertx vertx = Vertx.vertx();
        Database database = Database.open(vertx, gateway.postgres().config());
        CollectStore windows = new CollectStore(database);
        long registration = Long.parseLong(gateway.postgres()
                .query("select registration_id from registration")
                .get(0));
        await(windows.open("moved", registration, ago(9), Duration.ofHours(1)));
        await(windows.open("cloud", registration, ago(5), Duration.ofHours(1)));
        CollectPlan plan =
                new CollectPlan("cloud", Duration.ofHours(1), Duration.ZERO, false, 2, Duration.ofMinutes(1));
        await(windows.collected(
                await(windows.claim(plan)).orElseThrow(), new CollectCounts(7, 4, 2, 0, 0, 1), "UsageTimeTooOld: old"));
        await(database.close());
        await(vertx.close());
        // What is collected now is in the window that is open now.
        gateway.postgres()
                .execute("update collect_window set stored_through = '" + now + "' where source = 'cloud'"
                        + " and collected_at is not null");
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private Instant ago(int hours) {
        return now.minus(hours, ChronoUnit.HOURS);
    }

    private String usage(Object subscription, String route, Instant end) {
        return "/subscriptions/" + subscription + "/providers/Microsoft.Commerce" + route
                + "?api-version=2015-06-01-preview&aggregationGranularity=Hourly&reportedStartTime=" + ago(24)
                + "&reportedEndTime=" + end;
    }

    private String mine(Instant end) {
        return usage(own, "/UsageAggregates", end);
    }

    private static Optional<String> said(HttpCaller caller, String path) {
        Answer answer = caller.get(path);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.response().headers().firstValue(HEADER);
    }

    @Test
    void everyAnswerSaysThroughWhenItIsComplete() {
        world.sealThrough(now);
        HttpCaller reader = HttpCaller.of(gateway, tenant, Role.USAGE_READ);
        String begin = ago(5).toString();
        String next = ago(4).toString();
        // Both are of the registration, and nothing of the one is collected.
        assertThat(said(reader, mine(ago(1)))).contains(ago(9).toString());
        endMoved();

        // The window was stored in the last hour: what was reported here before that hour does not have it.
        assertThat(said(reader, mine(ago(2)))).contains(begin);
        assertThat(said(reader, mine(now))).contains(next);
        HttpCaller key = HttpCaller.withKey(gateway, world.key(reader, own.value()));
        assertThat(said(key, mine(now))).contains(next);
        assertThat(said(
                        HttpCaller.of(gateway, provider, Role.USAGE_READ),
                        usage(providing, ".Admin/subscriberUsageAggregates", now)))
                .contains(next);
        assertThat(said(operator, usage(payer, "/UsageAggregates", now))).contains(next);
        String everyone = ".Admin/subscriberUsageAggregates";
        assertThat(said(operator, usage(TestGateway.OPERATOR_SUBSCRIPTION, everyone, now)))
                .contains(next);

        SubscriptionId posting = world.subscription(
                tenant, ",\"registrationId\":\"" + world.registration(UUID.randomUUID(), "south") + "\"");
        assertThat(said(reader, usage(posting, "/UsageAggregates", now))).isEmpty();
        assertThat(said(operator, usage(TestGateway.OPERATOR_SUBSCRIPTION, everyone, ago(1))))
                .as("somebody posts")
                .isEmpty();
        Answer refused = reader.get(usage(UUID.randomUUID(), "/UsageAggregates", now));
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.response().headers().firstValue(HEADER)).isEmpty();

        try (StreamCaller streams = StreamCaller.of(gateway, tenant, Role.USAGE_READ)) {
            StreamCaller.Received stream = streams.get(mine(now) + "&$format=csv");
            assertThat(stream.headers().get(HEADER)).isEqualTo(next);
            assertThat(stream.trailers().get(HEADER)).isEqualTo(next);
            assertThat(stream.headers().get("Trailer")).isEqualTo("x-row-count, x-content-sha256, " + HEADER);
            assertThat(streams.head(mine(now)).headers().get(HEADER)).isEqualTo(next);
            assertThat(streams.get(usage(posting, "/UsageAggregates", now) + "&$format=csv")
                            .trailers()
                            .names())
                    .containsExactlyInAnyOrder("x-row-count", "x-content-sha256");
        }

        gateway.postgres()
                .execute("revoke select on collect_window from \""
                        + gateway.postgres().config().user() + "\"");
        assertThat(said(reader, mine(ago(3))))
                .as("it cannot be read, the usage can")
                .isEmpty();
    }

    private void endMoved() {
        Answer refused = operator.delete("/sources/moved");
        assertThat(refused.errorCode()).as(refused.body()).isEqualTo("Conflict");
        assertThat(refused.body()).contains("collect.sources");
        gateway.postgres().execute("update collect_source set seen_at = seen_at - interval '1 hour'");
        assertThat(source("moved").path("configured").asBoolean()).isFalse();
        assertThat(command("sources", "list")).containsPattern("moved .* not configured");

        assertThat(command("sources", "end", "moved")).contains("moved is ended.");
        assertThat(operator.delete("/sources/moved").status()).as("again").isEqualTo(204);
        assertThat(operator.delete("/sources/unknown").status()).isEqualTo(404);
        assertThat(source("moved").path("endedAt").isTextual()).isTrue();
        assertThat(gateway.postgres().query("select count(*) from audit_entry where action = 'sources.end'"))
                .containsExactly("1");
        assertThat(operator.get("/completeness").json().at("/registrations/0").toString())
                .contains("\"sources\":[\"cloud\"],\"completeThrough\":\"" + wire(ago(4)));
    }

    private static String wire(Instant time) {
        return time.toString().replace("Z", "+00:00");
    }

    private JsonNode source(String name) {
        for (JsonNode source : operator.get("/sources").json().path("value")) {
            if (source.path("source").asText().equals(name)) {
                return source;
            }
        }
        throw new AssertionError("No source " + name);
    }

    @Test
    void aWindowIsPulledAgainAndStaysCollected() {
        assertThat(source("cloud").path("problem").asText()).isEqualTo("UsageTimeTooOld: old");
        assertThat(source("cloud").path("problemFrom").asText()).isEqualTo(wire(ago(5)));
        JsonNode windows = operator.get("/sources/cloud/windows").json().path("value");
        assertThat(windows.path(0).path("from").asText()).as("the latest first").isEqualTo(wire(ago(1)));
        assertThat(windows.path(0).path("state").asText()).isEqualTo("waiting");
        assertThat(windows.path(0).path("counts").isNull()).isTrue();
        JsonNode first = windows.path(windows.size() - 1);
        assertThat(first.path("state").asText()).isEqualTo("collected");
        assertThat(first.at("/counts/accepted").asInt()).isEqualTo(4);
        assertThat(operator.get("/sources/cloud/windows?filter=problem").json().path("value"))
                .containsExactly(first);
        assertThat(operator.get("/sources/cloud/windows?filter=open").json().path("value"))
                .hasSize(windows.size() - 1);
        assertThat(operator.get("/sources/cloud/windows?after=" + ago(4)).json().path("value"))
                .containsExactly(first);
        assertThat(operator.get("/sources/cloud/windows?filter=x").errorCode()).isEqualTo("InvalidProperty");
        assertThat(operator.get("/sources/unknown/windows").errorCode()).isEqualTo("ResourceNotFound");

        assertThat(command("sources", "pull", "cloud", ago(5).toString())).contains("pulled next");
        assertThat(command("sources", "windows", "cloud", "--filter", "problem"))
                .containsPattern("\\Q" + wire(ago(5)) + "\\E +\\S+ +waiting +1 .* 7 +4 +2 +0 +0 +1 +UsageTimeTooOld");
        assertThat(source("cloud").path("completeThrough").asText()).isEqualTo(wire(ago(4)));
        assertThat(gateway.postgres()
                        .query("select detail::json->>'from' from audit_entry where action = 'sources.pull'"))
                .containsExactly(ago(5).toString());
        for (String none :
                new String[] {"/sources/cloud/windows/x/pull", "/sources/unknown/windows/" + now + "/pull"}) {
            assertThat(operator.post(none, "application/json", "{}").status())
                    .as(none)
                    .isEqualTo(404);
        }
    }

    private String command(String... arguments) {
        StringWriter out = new StringWriter();
        String[] all = new String[arguments.length + 4];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        all[arguments.length] = "--url";
        all[arguments.length + 1] = gateway.url().toString();
        all[arguments.length + 2] = "--ca";
        all[arguments.length + 3] = TestIdentity.get().caFile().toString();
        int exitCode = TallygateCommand.commandLine(Map.of(
                        "TALLYGATE_OPERATOR_TOKEN", TestIdentity.get().token(TestIdentity.OPERATOR, Role.values())))
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(out))
                .execute(all);
        assertThat(exitCode).as(out.toString()).isZero();
        return out.toString();
    }
}
