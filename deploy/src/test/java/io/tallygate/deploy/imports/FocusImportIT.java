package io.tallygate.deploy.imports;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.deploy.testing.HttpCaller;
import io.tallygate.deploy.testing.TestGateway;
import io.tallygate.deploy.testing.TestIdentity;
import io.tallygate.deploy.testing.TestWorld;
import io.tallygate.deploy.testing.TokenFiles;
import io.tallygate.gateway.auth.Role;
import io.tallygate.gateway.collect.UnreadableUsageException;
import io.tallygate.store.directory.TenantId;
import io.tallygate.store.testing.TestPostgres;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.Year;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** FOCUS files through the command and a whole gateway, up to what each sub account reads back. */
class FocusImportIT {
    private static final String REPORTER = TestIdentity.get().token(TestIdentity.OPERATOR, Role.USAGE_REPORT);
    private static final String OPERATOR =
            TestIdentity.get().token(TestIdentity.OPERATOR, Role.USAGE_READ_ALL, Role.REGISTRATION_READ_WRITE);

    private final Instant hour = Instant.now().truncatedTo(ChronoUnit.HOURS);

    @TempDir
    Path directory;

    private TestGateway gateway;
    private String out;

    @Test
    void everySubAccountReadsItsOwnRowsBackToTheLastDigit() throws Exception {
        Path file = focus("focus.csv", "");
        Map<UUID, BigDecimal> sums = new HashMap<>();
        Map<UUID, UUID> tenants = new HashMap<>();
        readWithoutTheImport(file, sums, tenants);
        assertThat(sums).hasSize(4);
        try (TestGateway started = TestGateway.over(TestPostgres.fresh())) {
            gateway = started;
            TestWorld world = new TestWorld(gateway);
            world.registration(UUID.randomUUID(), "north");

            assertThat(importFile(file, "--create-missing", "--registration", "north"))
                    .as(out)
                    .isZero();
            assertThat(out).contains("Skipped: no ConsumedQuantity (ChargeCategory Credit)");
            String accepted = counts(file).get(0);
            world.sealThrough(hour.plus(1, ChronoUnit.HOURS));

            for (Map.Entry<UUID, BigDecimal> each : sums.entrySet()) {
                assertThat(read(each.getKey(), tenants.get(each.getKey())))
                        .as("sub account %s", each.getKey())
                        .isEqualByComparingTo(each.getValue());
            }

            // The operator's own decision about a meter outlives another import of it.
            HttpCaller operator = HttpCaller.operator(gateway);
            assertThat(operator.put("/meters/SKU-A", "{\"chargeable\":true}").status())
                    .isEqualTo(200);
            assertThat(importFile(file, "--create-missing", "--registration", "north"))
                    .as(out)
                    .isZero();
            assertThat(counts(file)).startsWith("0", accepted);
            assertThat(operator.get("/meters").json().path("value")).anyMatch(FocusImportIT::isChargeableSkuA);

            Path changed = focus("changed.csv", "\n");
            assertThat(importFile(changed, "--reported-at", "usage-hour")).isEqualTo(1);
            assertThat(counts(changed)).containsExactly("0", "0", "0", "0", accepted, "0", "1");
            assertThat(out).contains(":2: Rejected WindowSealed (data.usageStartTime): ");
        }
    }

    /** The sample with the dates of last year: usage older than the retention is refused. */
    private Path focus(String name, String end) throws IOException, URISyntaxException {
        Path sample = Path.of(FocusImportIT.class.getResource("focus.csv").toURI());
        String lastYear = Year.now(ZoneOffset.UTC).minusYears(1) + "-";
        return Files.writeString(
                directory.resolve(name), Files.readString(sample).replace("\"2024-", '"' + lastYear) + end);
    }

    private static void readWithoutTheImport(Path file, Map<UUID, BigDecimal> sums, Map<UUID, UUID> tenants)
            throws IOException, UnreadableUsageException {
        try (FocusCsv csv = FocusCsv.open(file)) {
            for (FocusRow row = csv.next(); row != null; row = csv.next()) {
                if (row.get("ConsumedQuantity") != null) {
                    UUID subscription = FocusIds.subscriptionId(row.require("SubAccountId"));
                    sums.merge(subscription, new BigDecimal(row.require("ConsumedQuantity")), BigDecimal::add);
                    tenants.put(subscription, FocusIds.tenantId(row.require("BillingAccountId")));
                }
            }
        }
    }

    private int importFile(Path file, String... more) {
        StringWriter text = new StringWriter();
        PrintWriter printer = new PrintWriter(text);
        Map<String, String> environment =
                Map.of("XDG_STATE_HOME", directory.resolve("state").toString(), "TALLYGATE_OPERATOR_TOKEN", OPERATOR);
        List<String> target = List.of(
                file.toString(),
                "--url",
                gateway.url().toString(),
                "--token-file",
                TokenFiles.of(REPORTER),
                "--ca",
                TestIdentity.get().caFile().toString(),
                "--operator-subscription",
                TestGateway.OPERATOR_SUBSCRIPTION.toString());
        int exit = new CommandLine(new ImportCommand(environment, FocusImportIT::noPause))
                .setOut(printer)
                .setErr(printer)
                .execute(Stream.concat(target.stream(), Stream.of(more)).toArray(String[]::new));
        out = text.toString();
        return exit;
    }

    private static void noPause(Duration pause) {
        throw new AssertionError("a gateway that is there needs no second attempt, and no pause of " + pause);
    }

    /** The file's numbers in the summary: Accepted, Duplicate, Conflict, Quarantined, Rejected, Unreadable, Skipped. */
    private List<String> counts(Path file) {
        String row = out.lines()
                .filter(line -> line.startsWith(file + " "))
                .findFirst()
                .orElseThrow();
        return List.of(row.substring(file.toString().length()).strip().split(" +"));
    }

    private BigDecimal read(UUID subscription, UUID tenant) {
        HttpCaller caller = HttpCaller.of(gateway, new TenantId(tenant), Role.USAGE_READ);
        BigDecimal sum = BigDecimal.ZERO;
        String next = "/subscriptions/" + subscription + "/providers/Microsoft.Commerce/UsageAggregates"
                + "?api-version=2015-06-01-preview&aggregationGranularity=Hourly&reportedStartTime="
                + hour.minus(1, ChronoUnit.DAYS) + "&reportedEndTime=" + hour.plus(1, ChronoUnit.HOURS);
        while (next != null) {
            HttpCaller.Answer page = caller.get(next);
            assertThat(page.status()).as(page.body()).isEqualTo(200);
            for (JsonNode row : page.json().path("value")) {
                sum = sum.add(row.at("/properties/quantity").decimalValue());
            }
            next = page.json().path("nextLink").asText(null);
        }
        return sum;
    }

    private static boolean isChargeableSkuA(JsonNode meter) {
        return meter.path("meterId").asText().equals("SKU-A")
                && meter.path("chargeable").asBoolean();
    }
}
