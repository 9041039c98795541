package io.tallygate.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.deploy.testing.Browser;
import io.tallygate.deploy.testing.HttpCaller;
import io.tallygate.deploy.testing.HttpCaller.Answer;
import io.tallygate.deploy.testing.TestEvents;
import io.tallygate.deploy.testing.TestGateway;
import io.tallygate.deploy.testing.TestIdentity;
import io.tallygate.deploy.testing.TestWorld;
import io.tallygate.gateway.auth.Role;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import io.tallygate.store.testing.TestPostgres;
import io.vertx.core.http.HttpMethod;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every route that changes something says so in the audit. A route that is not in the table fails the test. */
class AuditedRoutesIT {
    private static final String REGISTRATION =
            "/subscriptions/{subscription}/resourceGroups/{resourceGroup}/providers/Microsoft.AzureStack/registrations/{registration}";
    private static final String CUSTOMER = REGISTRATION + "/customerSubscriptions/{customerSubscription}";
    private static final String USAGE = "none: records are accounted for by themselves";

    private static final Map<String, String> ACTIONS = Map.ofEntries(
            Map.entry(
                    "PUT /subscriptions/{subscription}/providers/Microsoft.Subscriptions.Admin/subscriptions/{id}",
                    "subscription.put"),
            Map.entry("POST /usage/records", USAGE),
            Map.entry("POST /quarantine/{id}/discard", "quarantine.discard"),
            Map.entry("POST /conflicts/{id}/discard", "conflicts.discard"),
            Map.entry("PUT /meters/{meter}", "meter.put"),
            Map.entry("POST /windows/seal", "windows.seal"),
            Map.entry("POST /gaps/{id}/acknowledge", "gaps.acknowledge"),
            Map.entry("DELETE /sources/{source}", "sources.end"),
            Map.entry("POST /sources/{source}/windows/{start}/pull", "sources.pull"),
            Map.entry("POST /deliveries/hold", "deliveries.hold"),
            Map.entry("POST /deliveries/resume", "deliveries.resume"),
            Map.entry("POST /deliveries/compare", "deliveries.compare"),
            Map.entry("POST /deliveries/{key}/requeue", "deliveries.requeue"),
            Map.entry("POST /deliveries/{key}/waive", "deliveries.waive"),
            Map.entry("POST /payers/{payer}/hold", "payers.hold"),
            Map.entry("POST /payers/{payer}/resume", "payers.resume"),
            Map.entry("POST /reroute", "routedUsage.reroute"),
            Map.entry("POST /portal/signout", "portal.signout"),
            Map.entry("POST /apiKeys", "apiKeys.create"),
            Map.entry("DELETE /apiKeys/{id}", "apiKeys.revoke"),
            Map.entry("POST /grants", "grants.create"),
            Map.entry("DELETE /grants/{id}", "grants.revoke"),
            Map.entry("PUT " + REGISTRATION, "registration.put"),
            Map.entry("PATCH " + REGISTRATION, "registration.patch"),
            Map.entry("DELETE " + REGISTRATION, "registration.delete"),
            Map.entry("POST " + REGISTRATION + "/getactivationkey", "registration.activationKey"),
            Map.entry("PUT " + CUSTOMER, "customerSubscription.put"),
            Map.entry("DELETE " + CUSTOMER, "customerSubscription.end"));

    private static TestGateway gateway;
    private static HttpCaller operator;

    private final Instant hour = Instant.now().truncatedTo(ChronoUnit.HOURS).minus(3, ChronoUnit.HOURS);

    @BeforeAll
    static void start() {
        gateway = TestGateway.lagging(TestPostgres.fresh(), Duration.ofDays(2));
        operator = HttpCaller.operator(gateway);
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void everyRouteThatChangesSomethingIsInTheTable() {
        Set<String> changing = ReferenceTables.all().stream()
                .filter(route -> !Set.of(HttpMethod.GET, HttpMethod.HEAD).contains(route.method()))
                .map(route -> route.method() + " " + route.template())
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(new TreeMap<>(ACTIONS).keySet()).isEqualTo(changing);
    }

    @Test
    void everyChangeIsInTheAudit() {
        TestWorld world = new TestWorld(gateway);
        UUID base = UUID.randomUUID();
        String registration = world.registration(base, "north");
        TenantId tenant = new TenantId(UUID.randomUUID());
        SubscriptionId subscription = world.subscription(tenant, ",\"registrationId\":\"" + registration + "\"");
        registrations(world, registration);
        UUID customer = usage(world, registration, tenant, subscription);
        access(world, subscription, customer);
        deliveries(base, subscription);
        sources();
        Browser browser = Browser.of(gateway, TestIdentity.get().person(tenant, Role.USAGE_READ));
        assertThat(browser.send("POST", URI.create(gateway.url() + "/portal/signout"), "", browser.csrf(gateway))
                        .statusCode())
                .isEqualTo(200);
        long gap = 7;
        gateway.postgres()
                .execute("insert into gap_finding (gap_id, kind, source, from_hour) overriding system value values ("
                        + gap + ", 'silentSource', 'test', '" + hour + "')");
        done("POST", "/gaps/" + gap + "/acknowledge", "{\"reason\":\"test\"}");
        done("PUT", "/meters/audited", "{\"name\":\"Audited\",\"unit\":\"hours\"}");

        Set<String> expected = new TreeSet<>(ACTIONS.values());
        expected.remove(USAGE);
        assertThat(gateway.postgres().query("select distinct action from audit_entry"))
                .containsAll(expected);
    }

    @Test
    void aDryRunIsNoChangeAndIsNotInTheAudit() {
        TestWorld world = new TestWorld(gateway);
        String registration = world.registration(UUID.randomUUID(), "tried");
        TenantId tenant = new TenantId(UUID.randomUUID());
        UUID customer = UUID.randomUUID();
        assertThat(world.map(registration, customer, tenant, hour).status()).isEqualTo(200);
        String counted = "select count(*) from audit_entry where action ~ 'customerSubscription|reroute'";
        var before = gateway.postgres().query(counted);

        String query = "?api-version=2022-06-01&dryRun=true";
        String mapped = registration + "/customerSubscriptions/";
        done("PUT", mapped + UUID.randomUUID() + query, "{\"properties\":{\"tenantId\":\"" + tenant + "\"}}");
        assertThat(operator.delete(mapped + customer + query).status()).isEqualTo(200);
        done("POST", "/reroute?dryRun=true", "{\"from\":\"" + hour + "\"}");

        assertThat(gateway.postgres().query(counted)).isEqualTo(before);
    }

    private void registrations(TestWorld world, String registration) {
        String version = "?api-version=2022-06-01";
        done("PATCH", registration + version, "{\"tags\":{\"a\":\"b\"}}");
        done("POST", registration + "/getactivationkey" + version, "");
        done("DELETE", world.registration(UUID.randomUUID(), "south") + version, null);
        UUID customer = UUID.randomUUID();
        assertThat(world.map(registration, customer, new TenantId(UUID.randomUUID()), null)
                        .status())
                .isEqualTo(200);
        assertThat(operator.delete(registration + "/customerSubscriptions/" + customer + version)
                        .status())
                .isBetween(200, 204);
    }

    private UUID usage(TestWorld world, String registration, TenantId tenant, SubscriptionId subscription) {
        String meter = TestWorld.CORE_HOURS;
        world.post(TestWorld.event("1", subscription, meter, "1.5", hour), true);
        world.post(TestWorld.event("1", subscription, meter, "2", hour), true);
        world.post(TestWorld.event("2", new SubscriptionId(UUID.randomUUID()), meter, "1", hour), false);
        for (String kind : new String[] {"quarantine", "conflicts"}) {
            JsonNode held = operator.get("/" + kind).json().path("value");
            assertThat(held).as(kind).hasSize(1);
            done("POST", "/" + kind + "/" + held.path(0).path("id").asText() + "/discard", "{\"reason\":\"test\"}");
        }
        UUID customer = UUID.randomUUID();
        world.sealThrough(hour.plus(1, ChronoUnit.HOURS));
        assertThat(world.map(registration, customer, tenant, hour).status()).isEqualTo(200);
        Answer moved = operator.post("/reroute", "application/json", "{\"from\":\"" + hour + "\"}");
        assertThat(moved.status()).as(moved.body()).isEqualTo(200);
        return customer;
    }

    private static void access(TestWorld world, SubscriptionId subscription, UUID customer) {
        Answer key = operator.post("/apiKeys", "application/json", TestWorld.keyBody(subscription.value()));
        assertThat(key.status()).as(key.body()).isEqualTo(201);
        for (String path : new String[] {
            "/apiKeys/" + key.json().path("id").asText(),
            "/grants/" + world.grant(new TenantId(UUID.randomUUID()), null, customer)
        }) {
            assertThat(operator.delete(path).status()).as(path).isEqualTo(204);
        }
    }

    private void sources() {
        String source = "'gone', '" + hour + "', '" + hour.plus(1, ChronoUnit.HOURS) + "', ";
        gateway.postgres()
                .execute("insert into collect_source (source, begins_at, planned_through, window_seconds) values ("
                        + source + "3600)");
        gateway.postgres()
                .execute("insert into collect_window (source, window_start, window_end, next_attempt_at) values ("
                        + source + "now())");
        done("POST", "/sources/gone/windows/" + hour + "/pull", "{}");
        assertThat(operator.delete("/sources/gone").status()).isEqualTo(204);
    }

    private void deliveries(UUID payer, SubscriptionId subscription) {
        TestEvents events = new TestEvents(gateway.postgres());
        Instant earlier = hour.minus(2, ChronoUnit.DAYS);
        UUID dead = events.pending(payer, subscription, earlier, "1");
        UUID other = events.pending(payer, subscription, earlier, "2");
        events.set(dead, "state = 'dead', reason = 'Expired'");
        events.set(other, "state = 'dead', reason = 'Expired'");
        done("POST", "/deliveries/" + dead + "/requeue", "");
        done("POST", "/deliveries/" + other + "/waive", "{\"reason\":\"test\"}");
        done("POST", "/deliveries/hold", "{\"reason\":\"test\"}");
        done("POST", "/deliveries/compare", "{\"endpoint\":\"default\",\"entries\":[],\"apply\":true}");
        done("POST", "/deliveries/resume", "{}");
        done("POST", "/payers/" + payer + "/hold", "{\"reason\":\"test\"}");
        done("POST", "/payers/" + payer + "/resume", "{}");
    }

    private static void done(String method, String path, String body) {
        Answer answer = operator.send(method, path, body == null || body.isEmpty() ? null : "application/json", body);
        assertThat(answer.status()).as("%s %s: %s", method, path, answer.body()).isBetween(200, 201);
    }
}
