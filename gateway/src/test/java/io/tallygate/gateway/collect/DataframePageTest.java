package io.tallygate.gateway.collect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.gateway.collect.SourceOrigin.CloudKitty;
import io.tallygate.gateway.ingest.UsageRecordParser;
import io.tallygate.gateway.ingest.UsageRecordParser.Parsed;
import io.tallygate.routing.outbound.AnswerJson;
import io.tallygate.routing.outbound.KeystoneCredentials.ApplicationCredential;
import io.tallygate.store.usage.RecordError;
import io.tallygate.store.usage.UsageRecord;
import io.vertx.core.buffer.Buffer;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What CloudKitty's dataframes become: the example of its API reference, and what it does not tell of. */
class DataframePageTest {
    private static final UsageWindow WINDOW =
            new UsageWindow(Instant.parse("2019-07-23T12:00:00Z"), Instant.parse("2019-07-23T13:00:00Z"));
    private static final String POINT = """
            {"vol": {"unit": "GiB", "qty": 1.2}, "rating": {"price": 0.04},
             "groupby": {"project_id": "0c4e939acacf4376bdcd1129f1a054ad", "id": "vm-1", "year": "2019", "month": "7",
               "week_of_the_year": "30", "day_of_the_year": "204"},
             "metadata": {"attr_one": "one", "attr_two": "two"}}""";

    private static List<Parsed> read(String usage, Map<String, String> meters, Optional<String> region, String end) {
        CloudKitty origin = new CloudKitty(
                URI.create("http://127.0.0.1:8889"),
                new SourceAccess.Keystone(URI.create("http://127.0.0.1:5000"), new ApplicationCredential("id", "s")),
                region,
                meters,
                Map.of());
        JsonNode page = AnswerJson.read(Buffer.buffer("{\"total\": 1, \"dataframes\": [{\"period\":"
                        + " {\"begin\": \"2019-07-23T14:00:00+02:00\", \"end\": \"" + end + "\"}, \"usage\": {" + usage
                        + "}}]}"))
                .orElseThrow();
        WindowRecords records = new WindowRecords(
                "openstack",
                WINDOW,
                new UsageRecordParser(
                        Clock.fixed(Instant.parse("2019-07-24T18:00:00Z"), ZoneOffset.UTC), Duration.ofDays(365)));
        return new DataframePage(
                        new DataframePoint(origin, "openstack"), WINDOW, DataframePosition.of(Optional.empty()))
                .read(page).rows().stream()
                        .flatMap(row -> records.of(row).stream())
                        .toList();
    }

    private static List<Parsed> read(String point) {
        return read("\"metric_one\": [" + point + "]", Map.of(), Optional.empty(), "2019-07-23T13:00:00Z");
    }

    private static UsageRecord record(String point) {
        assertThat(read(point)).hasSize(1).allMatch(parsed -> parsed.refusal() == null);
        return read(point).get(0).record();
    }

    @Test
    void aPointIsARecordOfItsProjectAndMetric() {
        UsageRecord record = record(POINT);
        assertThat(record.source()).isEqualTo("collect:openstack");
        assertThat(record.meterId()).isEqualTo("metric_one");
        assertThat(record.quantity()).isEqualTo("1.2");
        assertThat(record.usageStart()).isEqualTo(WINDOW.from());
        assertThat(record.usageEnd()).isEqualTo(WINDOW.to());
        assertThat(record.instance().subscription()).hasToString("0c4e939a-cacf-4376-bdcd-1129f1a054ad");
        assertThat(record.instance().resourceUri())
                .isEqualTo("/projects/0c4e939acacf4376bdcd1129f1a054ad/providers/OpenStack/metric_one/vm-1");
        assertThat(record.instance().location()).isEqualTo("openstack");
        // Without the price, and without times, which would make it another instance tomorrow.
        assertThat(record.instance().additionalInfo())
                .isEqualTo("{\"groupby\":{\"id\":\"vm-1\",\"project_id\":\"0c4e939acacf4376bdcd1129f1a054ad\"},"
                        + "\"metadata\":{\"attr_one\":\"one\",\"attr_two\":\"two\"},\"unit\":\"GiB\"}");
    }

    @Test
    void metersAndRegionsAreNamedByTheConfigurationOrTheCloud() {
        UsageRecord record = read(
                        "\"volume.size\": [" + POINT + "]",
                        Map.of("volume.size", "FAB6EB84-500B-4A09-A8CA-7358F8BBAEA5"),
                        Optional.of("RegionOne"),
                        "2019-07-23T13:00:00Z")
                .get(0)
                .record();
        assertThat(record.meterId()).isEqualTo("FAB6EB84-500B-4A09-A8CA-7358F8BBAEA5");
        assertThat(record.instance().location()).isEqualTo("RegionOne");
        assertThat(record(POINT.replace("attr_one", "region")).instance().location())
                .isEqualTo("one");
    }

    @Test
    void olderOnesSayTenant() {
        assertThat(record(POINT.replace("project_id", "tenant_id")).instance().subscription())
                .hasToString("0c4e939a-cacf-4376-bdcd-1129f1a054ad");
    }

    @Test
    void aResourceWithoutIdIsItsMetric() {
        assertThat(record(POINT.replace("\"id\": \"vm-1\",", "")).instance().resourceUri())
                .isEqualTo("/projects/0c4e939acacf4376bdcd1129f1a054ad/providers/OpenStack/metric_one");
    }

    @ParameterizedTest
    @CsvSource({
        "3, 3",
        "1.0, 1",
        "1e-05, 0.00001",
        "0.30000000000000004, 0.3",
        "1.2345678901234568e-04, 0.000123456789012",
        "0.0000000000000015, 0.000000000000002",
        "0.0000000000000025, 0.000000000000002",
        "-0.0000000000000016, -0.000000000000002",
        "1.123456789012345678, 1.123456789012346",
        "1e-999999999, 0",
        "12345678901234567890.5, 12345678901234567890.5"
    })
    void quantitiesAreExactToTheFifteenthDigitAfterThePoint(String told, BigDecimal stored) {
        assertThat(record(POINT.replace("1.2", told)).quantity()).isEqualByComparingTo(stored);
    }

    @ParameterizedTest
    @CsvSource({
        "1.2, 1e24, QuantityOutOfRange",
        "1.2, true, InvalidProperty",
        "0c4e939acacf4376bdcd1129f1a054ad, service, InvalidProperty",
        "project_id, scope, InvalidProperty"
    })
    void aPointThatCannotBeARecordIsRefusedAlone(String told, String instead, RecordError error) {
        assertThat(read(POINT.replace(told, instead)))
                .singleElement()
                .satisfies(parsed -> assertThat(parsed.refusal().code()).isEqualTo(error));
    }

    @Test
    void aLongerPeriodIsSpreadOverItsHours() {
        List<Parsed> records = read("\"m\": [" + POINT + "]", Map.of(), Optional.empty(), "2019-07-23T15:00:00Z");
        assertThat(records).hasSize(3);
        assertThat(records.stream().map(parsed -> parsed.record().quantity()).reduce(BigDecimal.ZERO, BigDecimal::add))
                .isEqualByComparingTo("1.2");
        assertThat(records.get(2).record().usageStart()).isEqualTo("2019-07-23T14:00:00Z");
        assertThat(records.get(2).record().instance().additionalInfo()).contains("spreadFrom");
    }
}
