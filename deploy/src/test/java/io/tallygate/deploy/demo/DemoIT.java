package io.tallygate.deploy.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jwt.SignedJWT;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class DemoIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Shortly before a midnight; in the past, for TLS knows the real time. */
    private final Instant start = Instant.now().truncatedTo(ChronoUnit.DAYS).minusSeconds(30);

    private final SamplePeriod period = SamplePeriod.before(start);

    @TempDir
    Path root;

    private Instant now = start;
    private Predicate<String> refused = line -> false;
    private int busyAnswers;
    private RecordingGateway gateway;
    private DemoEnvironment environment;

    @Test
    void loadsAWorldThenLetsItBeSealedAndTellsHowToUseIt() throws Exception {
        busyAnswers = 2;
        Path infoFile = root.resolve("out").resolve("demo.json");
        try (ShutdownOrder shutdown = new ShutdownOrder()) {
            DemoInfo ready = demo(shutdown).start(0, infoFile, 1);
            List<String> calls = List.copyOf(gateway.calls);
            SampleUsage usage = new SampleUsage(new SampleWorld(), period, 1);

            // First the registration, then subscriptions, then their usage, then sealing: as the operator or reporter.
            assertThat(calls.get(0))
                    .startsWith("PUT /subscriptions/c0000000-0000-4000-8000-000000000001/resourceGroups/azurestack/"
                            + "providers/Microsoft.AzureStack/registrations/northwind?api-version=2022-06-01 [")
                    .contains("Registration.ReadWrite")
                    .contains("\"billingModel\":\"PayAsYouUse\"");
            assertThat(calls.get(1))
                    .startsWith("PUT /subscriptions/50000000-0000-4000-8000-000000000001/providers/"
                            + "Microsoft.Subscriptions.Admin/subscriptions/50000000-0000-4000-8000-000000000060"
                            + "?api-version=2015-11-01 [")
                    .contains("\"displayName\":\"Proseware Provider Subscription\"");
            assertThat(calls)
                    .filteredOn(call -> call.contains("/customerSubscriptions/"))
                    .hasSize(7)
                    .anyMatch(call -> call.contains("/c0000000-0000-4000-8000-000000000031?")
                            && call.contains(
                                    "\"effectiveFrom\":\"" + period.day(14).plus(10, ChronoUnit.HOURS) + "\""));
            assertThat(calls)
                    .filteredOn(call -> call.startsWith("POST"))
                    .hasSize(30)
                    .allMatch(call -> call.equals("POST /usage/records?reportedAt=usage-hour [Usage.Report]"));
            int background = calls.indexOf("startBackgroundWork");
            assertThat(calls.get(background - 1))
                    .contains("\"state\":\"Deleted\"")
                    .contains("Woodgrove Pilot");
            assertThat(calls.subList(background + 1, calls.size())).allMatch(call -> call.startsWith("GET /windows "));
            assertThat(gateway.identities).hasSize((int) usage.records());

            JsonNode info = JSON.readTree(infoFile.toFile());
            assertThat(info)
                    .isEqualTo(JSON.readTree(new DemoDirectory(root).infoFile().toFile()));
            assertInfo(info, usage);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(infoFile)))
                    .isEqualTo("rw-------");
            assertThat(environment
                            .issuerTemplate()
                            .replace("{tenantId}", info.at("/operator/tenantId").asText()))
                    .isEqualTo(info.path("issuer").asText());

            assertThat(welcome(ready))
                    .contains(ready.baseUrl(), "Contoso Production", "Fabrikam Data Platform")
                    .doesNotContain("eyJ");
            assertThat(Files.readString(root.resolve("headers").resolve("alpine-ski-house")))
                    .startsWith("Authorization: Bearer eyJ");
            assertToken(run("--as", "contoso"), info.at("/tenants/0/tenantId").asText(), "Usage.Read");
            assertToken(run("--as", "reporter"), info.at("/operator/tenantId").asText(), "Usage.Report");
            String imported = "2b4f8c1e-1111-4222-8333-444455556666";
            assertToken(run("--tenant", imported), imported, "Usage.Read");

            assertThatThrownBy(() -> demo(new ShutdownOrder()).start(0, null, 1))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("already running");
        }
        assertThat(new DemoDirectory(root).infoFile()).doesNotExist();
        assertThat(gateway.calls).endsWith("close");
        assertThat(PostmasterProcess.find(root.toRealPath().resolve("postgres")))
                .isEmpty();

        // Two days later: the same world, which is not loaded again.
        now = start.plus(Duration.ofDays(2));
        try (ShutdownOrder shutdown = new ShutdownOrder()) {
            DemoInfo ready = demo(shutdown).start(0, null, 7);
            assertThat(gateway.calls).noneMatch(call -> call.startsWith("PUT") || call.startsWith("POST"));
            assertThat(ready.data().reportedEndTime()).isEqualTo(period.to().toString());
            assertThat(ready.data().hourlyAggregates())
                    .isEqualTo(new SampleUsage(new SampleWorld(), period, 1).records());
        }
    }

    @Test
    void aRecordThatIsNotTakenStopsTheDemoAndTheNextStartGoesOnWithTheSameRecords() throws Exception {
        refused = line -> line.contains(
                "\"contoso-production/3/" + period.day(1).toString().substring(0, 11) + "05\"");
        ShutdownOrder first = new ShutdownOrder();
        assertThatThrownBy(() -> demo(first).start(0, null, 1))
                .isInstanceOf(GatewayApi.RefusedException.class)
                .hasMessageContaining("day 2")
                .hasMessageContaining("MeterUnknown")
                .hasMessageContaining("\"Quarantined\":1");
        first.close();
        assertThat(gateway.calls).doesNotContain("startBackgroundWork").endsWith("close");

        refused = line -> false;
        now = start.plusSeconds(60);
        try (ShutdownOrder second = new ShutdownOrder()) {
            DemoInfo ready = demo(second).start(0, null, 1);
            assertThat(ready.data().reportedEndTime()).isEqualTo(period.to().toString());
        }
    }

    @Test
    void aPortInUseIsNamed() throws Exception {
        try (ServerSocket taken = new ServerSocket(0);
                ShutdownOrder shutdown = new ShutdownOrder()) {
            assertThatThrownBy(() -> demo(shutdown).start(taken.getLocalPort(), null, 1))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(Integer.toString(taken.getLocalPort()))
                    .hasMessageContaining("--port");
        }
    }

    private Demo demo(ShutdownOrder shutdown) {
        return new Demo(new DemoDirectory(root), this::start, Clock.fixed(now, ZoneOffset.UTC), shutdown);
    }

    private RunningGateway start(DemoEnvironment given) throws Exception {
        environment = given;
        ServerCertificate certificate =
                new CertificateAuthority(given.directory(), Clock.fixed(now, ZoneOffset.UTC)).serverCertificate();
        gateway = new RecordingGateway(certificate, period, refused, busyAnswers);
        return gateway;
    }

    private static String welcome(DemoInfo info) {
        StringWriter text = new StringWriter();
        new Welcome(info, new DemoDirectory(Path.of("/somewhere"))).print(new PrintWriter(text));
        return text.toString();
    }

    private String run(String... arguments) {
        StringWriter out = new StringWriter();
        int exit = new CommandLine(new TokenCommand())
                .setOut(new PrintWriter(out))
                .execute(Stream.concat(Arrays.stream(arguments), Stream.of("--data", root.toString()))
                        .toArray(String[]::new));
        assertThat(exit).isZero();
        return out.toString();
    }

    private static void assertToken(String printed, String tenant, String role) throws Exception {
        assertThat(printed).endsWith("\n");
        var claims = SignedJWT.parse(printed.strip()).getJWTClaimsSet();
        assertThat(claims.getStringClaim("tid")).isEqualTo(tenant);
        assertThat(claims.getStringListClaim("roles")).containsExactly(role);
    }

    private void assertInfo(JsonNode info, SampleUsage usage) {
        assertThat(fields(info))
                .containsExactly(
                        "baseUrl",
                        "managementUrl",
                        "commerceUrl",
                        "caFile",
                        "issuer",
                        "operator",
                        "reporter",
                        "tenants",
                        "delegatedProvider",
                        "registration",
                        "data");
        assertThat(info.path("baseUrl").asText()).isEqualTo(gateway.baseUrl().toString());
        assertThat(Path.of(info.path("caFile").asText())).isRegularFile();
        assertThat(fields(info.path("operator")))
                .containsExactly("tenantId", "subscriptionId", "token", "clientId", "clientSecret");
        assertThat(fields(info.path("reporter"))).containsExactly("token");
        assertThat(info.path("tenants"))
                .hasSizeGreaterThanOrEqualTo(5)
                .allSatisfy(tenant -> assertThat(fields(tenant))
                        .containsExactly(
                                "tenantId",
                                "name",
                                "token",
                                "clientId",
                                "clientSecret",
                                "subscriptionIds",
                                "customerSubscriptionId"))
                .anyMatch(tenant -> tenant.path("customerSubscriptionId").isNull())
                .anyMatch(tenant -> tenant.path("subscriptionIds").size() == 2);
        assertThat(fields(info.path("delegatedProvider")))
                .containsExactly("tenantId", "token", "subscriptionId", "directTenantSubscriptionIds");
        assertThat(info.at("/delegatedProvider/directTenantSubscriptionIds")).hasSize(2);
        assertThat(fields(info.path("registration"))).containsExactly("subscriptionId", "resourceGroup", "name");
        assertThat(info.path("data"))
                .isEqualTo(JSON.createObjectNode()
                        .put("reportedStartTime", period.from().toString())
                        .put("reportedEndTime", period.to().toString())
                        .put("hourlyAggregates", (int) usage.records())
                        .put("dailyAggregates", (int) usage.dailyAggregates()));
    }

    private static List<String> fields(JsonNode node) {
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
