package io.tallygate.deploy.streams;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import io.tallygate.deploy.testing.HttpCaller;
import io.tallygate.deploy.testing.TestEvent;
import io.tallygate.deploy.testing.TestGateway;
import io.tallygate.deploy.testing.TestIdentity;
import io.tallygate.deploy.testing.TestWorld;
import io.tallygate.gateway.auth.Role;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import io.tallygate.store.testing.TestPostgres;
import io.tallygate.store.usage.ResourceInstance;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;

/** Sealed and routed usage whose texts would break a careless reader or writer, as every kind of caller sees it. */
final class HostileUsage implements AutoCloseable {
    private static final List<String> TEXTS = List.of(
            "=cmd|' /C calc'!A0",
            "=HYPERLINK(\"http://evil.example\",\"x\")",
            "+1",
            "-1+1",
            "@SUM(A1:A9)",
            "'leading apostrophe",
            "''two",
            "\uFF1D1+1",
            "\uFF0B1",
            "\uFF0D1",
            "\uFF20x",
            "\"",
            "a\"\"b",
            "a,b",
            "a;b",
            "a;=1+1",
            " leading space",
            "trailing space ",
            "\uD83D\uDE00 emoji \uD83C\uDFF3\uFE0F\u200D\uD83C\uDF08",
            "line\u2028and\u2029paragraph",
            "back\\slash\\n",
            "</script>",
            "\uFEFFbom",
            "right \u202Eto left",
            "NULL",
            "0001");
    private static final List<String> URIS = List.of(
            "/",
            "//",
            "no path at all",
            "/subscriptions/x/resourceGroups/=rg/providers/+Microsoft.Compute/-virtualMachines/@vm",
            "/subscriptions/x/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/net/subnets/one",
            "/subscriptions/x/resourcegroups/rg/PROVIDERS/Microsoft.Compute/virtualMachines/vm/providers/"
                    + "Microsoft.Insights/diagnosticSettings/all",
            "/subscriptions/x/resourceGroups/rg/providers/Microsoft.Compute",
            "https://example.com/a?b=c,d");
    private static final List<String> QUANTITIES = List.of(
            "99999999999999999999999.999999999999999",
            "-99999999999999999999999.999999999999999",
            "0.000000000000001",
            "-7.250",
            "1.5E+3",
            "0");
    private static final List<String> INFOS = List.of("-5", "[1,\"=2\"]", "true", "\"\"", "1.50", "{}");

    final TestGateway gateway;
    final Instant end = Instant.now().truncatedTo(ChronoUnit.DAYS);
    final Instant start = end.minus(1, ChronoUnit.DAYS);
    final SubscriptionId payer = new SubscriptionId(UUID.randomUUID());
    final TenantId tenant = new TenantId(UUID.randomUUID());
    final SubscriptionId subscription;
    final SubscriptionId provider;
    private final TestWorld world;
    private int events;

    /** A path with the one who may read it. */
    record View(String name, String path, String type, TenantId tenant, Role role, TestGateway gateway) {
        String path(String granularity) {
            return path + "&aggregationGranularity=" + granularity;
        }

        HttpCaller caller() {
            return HttpCaller.of(gateway, tenant, role);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    HostileUsage() {
        TestPostgres postgres = TestPostgres.fresh();
        gateway = TestGateway.paused(postgres);
        world = new TestWorld(gateway);
        String registration = world.registration(UUID.randomUUID(), "north");
        subscription = world.subscription(tenant);
        provider = world.subscription(tenant);
        SubscriptionId direct = world.subscription(
                new TenantId(UUID.randomUUID()), ",\"delegatedProviderSubscriptionId\":\"" + provider + "\"");
        HttpCaller.Answer mapped = world.map(registration, payer.value(), tenant, start);
        assertThat(mapped.status()).as(mapped.body()).isIn(200, 201);
        StringBuilder lines = new StringBuilder();
        for (SubscriptionId of : List.of(subscription, direct)) {
            for (int i = 0; i < 3; i++) {
                Instant hour = start.plus(7L * i, ChronoUnit.HOURS);
                TEXTS.forEach(text -> lines.append(everywhere(of, hour, text).line()));
                URIS.forEach(uri -> lines.append(
                        event(of, hour).text("data.resourceUri", uri).line()));
                QUANTITIES.forEach(quantity -> lines.append(
                        event(of, hour).raw("data.quantity", quantity).line()));
                INFOS.forEach(info -> lines.append(
                        event(of, hour).raw("data.additionalInfo", info).line()));
            }
        }
        assertThat(world.post(lines.toString(), true).path("Accepted").asInt()).isEqualTo(events);
        breakLines(postgres);
        gateway.startBackgroundWork();
        world.sealThrough(end);
    }

    private TestEvent event(SubscriptionId of, Instant hour) {
        events++;
        return TestEvent.of("event-" + events, of, hour);
    }

    private TestEvent everywhere(SubscriptionId of, Instant hour, String text) {
        String json = TextNode.valueOf(text).toString();
        return event(of, hour)
                .text("data.resourceUri", text)
                .text("data.location", text)
                .raw("data.tags", "{" + json + ":" + json + "}")
                .raw("data.additionalInfo", json);
    }

    // Ingest refuses control characters; who knows what a later one takes. A tab and ends of lines, in front and
    // within.
    private void breakLines(TestPostgres postgres) {
        for (String text : List.of("\tx", "\r=x", "\n@x", "a\r\nb", "a\nb\r")) {
            String id = postgres.query("select min(instance_id) from instance where location = 'local'")
                    .get(0);
            SubscriptionId of = new SubscriptionId(
                    UUID.fromString(postgres.query("select subscription_id from instance where instance_id = " + id)
                            .get(0)));
            String data = new ResourceInstance(of, text, text, "{\"a\":\"\\n\"}", "\"\\t\"").instanceData();
            postgres.execute("update instance set location = 'broken', instance_data = '" + data.replace("'", "''")
                    + "' where instance_id = " + id);
        }
    }

    /** All routes, each with a caller who may read it. */
    List<View> views() {
        String commerce = "/providers/Microsoft.Commerce";
        String tenantRoute = commerce + "/UsageAggregates";
        String adminRoute = commerce + ".Admin/subscriberUsageAggregates";
        return List.of(
                view("tenant", subscription + tenantRoute, false, tenant, Role.USAGE_READ),
                view("tenant by the operator", subscription + tenantRoute, false, null, Role.USAGE_READ_ALL),
                view("provider", provider + adminRoute, true, tenant, Role.USAGE_READ),
                view(
                        "provider, old path",
                        provider + commerce + "/subscriberUsageAggregates",
                        true,
                        tenant,
                        Role.USAGE_READ),
                view("everyone", TestGateway.OPERATOR_SUBSCRIPTION + adminRoute, true, null, Role.USAGE_READ_ALL),
                view("payer", payer + tenantRoute, false, null, Role.USAGE_READ_ROUTED));
    }

    private View view(String name, String path, boolean admin, TenantId callerOrOperator, Role role) {
        return new View(
                name,
                "/subscriptions/" + path + "?api-version=2015-06-01-preview&reportedStartTime=" + start
                        + "&reportedEndTime=" + end,
                admin ? "Microsoft.Commerce.Admin/UsageAggregate" : "Microsoft.Commerce/UsageAggregate",
                callerOrOperator == null ? TestIdentity.OPERATOR : callerOrOperator,
                role,
                gateway);
    }

    @Override
    public void close() {
        gateway.close();
    }
}
