package io.tallygate.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.deploy.testing.HttpCaller;
import io.tallygate.deploy.testing.HttpCaller.Answer;
import io.tallygate.deploy.testing.TestGateway;
import io.tallygate.deploy.testing.TestIdentity;
import io.tallygate.deploy.testing.TestWorld;
import io.tallygate.gateway.auth.Role;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import io.tallygate.store.testing.TestPostgres;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who reported what, for which hours and for which not; and the windows that it came in. */
class UsageSourcesIT {
    private static Instant now;
    private static TestGateway gateway;
    private static HttpCaller operator;

    @BeforeAll
    static void report() {
        now = Instant.now().truncatedTo(ChronoUnit.HOURS);
        gateway = TestGateway.lagging(TestPostgres.fresh(), Duration.ofDays(2));
        operator = HttpCaller.operator(gateway);
        TestWorld world = new TestWorld(gateway);
        world.registration(UUID.randomUUID(), "north");
        SubscriptionId subscription = world.subscription(new TenantId(UUID.randomUUID()));
        StringBuilder lines = new StringBuilder();
        for (int hour : new int[] {10, 9, 6, 5}) {
            lines.append(event("/compute", hour, subscription));
        }
        lines.append(event("/storage?a b", 8, subscription));
        world.post(lines.toString(), true);
        world.sealThrough(ago(3));
        assertThat(world.post(event("/compute", 6, subscription) + event("/compute", 4, subscription), false)
                        .path("Accepted")
                        .asInt())
                .isEqualTo(2);
        world.sealThrough(ago(-1));
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static int ids;

    private static String event(String source, int hoursAgo, SubscriptionId subscription) {
        return TestWorld.event("s" + ids++, subscription, TestWorld.CORE_HOURS, "1", ago(hoursAgo))
                .replace("\"source\":\"test\"", "\"source\":\"" + source + "\"");
    }

    private static Instant ago(int hours) {
        return now.minus(hours, ChronoUnit.HOURS);
    }

    private static long hoursAgo(JsonNode time) {
        return Instant.parse(time.asText().replace("+00:00", "Z")).until(now, ChronoUnit.HOURS);
    }

    private static JsonNode sources(String query) {
        Answer answer = operator.get("/usage/sources" + query);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json();
    }

    private static List<String> hours(JsonNode source) {
        List<String> hours = new ArrayList<>();
        source.path("hours").forEach(hour -> hours.add(hoursAgo(hour.path("time")) + "=" + hour.path("records")));
        return hours;
    }

    private static List<String> gaps(JsonNode source) {
        List<String> gaps = new ArrayList<>();
        source.path("gaps")
                .forEach(gap -> gaps.add(
                        hoursAgo(gap.path("from")) + "-" + hoursAgo(gap.path("to")) + " of " + gap.path("hours")));
        return gaps;
    }

    @Test
    void eachSourceIsShownWithItsHoursAndItsGaps() {
        JsonNode all = sources("?to=" + now);
        assertThat(hoursAgo(all.path("from"))).isEqualTo(7 * 24);
        assertThat(hoursAgo(all.path("to"))).isZero();
        assertThat(hoursAgo(all.path("sealedThrough"))).isEqualTo(-1);
        assertThat(all.path("value")).hasSize(2);
        JsonNode compute = all.at("/value/0");
        assertThat(compute.path("source").asText()).isEqualTo("/compute");
        assertThat(hoursAgo(compute.path("firstHour"))).isEqualTo(10);
        assertThat(hoursAgo(compute.path("lastHour"))).isEqualTo(4);
        assertThat(compute.path("records").asInt()).isEqualTo(6);
        assertThat(hours(compute)).containsExactly("10=1", "9=1", "6=2", "5=1", "4=1");
        assertThat(gaps(compute)).containsExactly("8-6 of 2", "3-0 of 3");
        JsonNode storage = all.at("/value/1");
        assertThat(storage.path("source").asText()).isEqualTo("/storage?a b");
        assertThat(gaps(storage)).containsExactly("7-0 of 7");
    }

    @Test
    void theRangeIsWhatIsAskedForAndNoHourIsMissingBeforeItIsOver() {
        JsonNode some = sources("?from=" + ago(9) + "&to=" + ago(-5));
        assertThat(hours(some.at("/value/0"))).containsExactly("9=1", "6=2", "5=1", "4=1");
        assertThat(gaps(some.at("/value/0"))).containsExactly("8-6 of 2", "3-0 of 3");
        JsonNode early = sources("?from=" + ago(12) + "&to=" + ago(9));
        assertThat(hours(early.at("/value/0"))).containsExactly("10=1");
        assertThat(gaps(early.at("/value/0"))).isEmpty();
        assertThat(early.at("/value/1/records").asInt()).isZero();
        assertThat(gaps(early.at("/value/1"))).as("it had not begun").isEmpty();
    }

    @Test
    void pagesGoOnAfterASource() {
        JsonNode rest = sources("?from=" + ago(9) + "&after=/compute");
        assertThat(rest.path("value")).hasSize(1);
        assertThat(sources("?after=%2Fstorage%3Fa%20b").path("value")).isEmpty();

        gateway.postgres()
                .execute("insert into usage_source_hour select '/zz ' || to_char(n, '000'), '" + ago(700) + "', '"
                        + ago(700) + "', 1 from generate_series(1, 205) n");
        List<String> seen = new ArrayList<>();
        List<String> ranges = new ArrayList<>();
        for (String next = "?AFTER=%2Fstorage%3Fa%20b"; !next.isEmpty(); ) {
            JsonNode page = sources(next);
            page.path("value").forEach(each -> seen.add(each.path("source").asText()));
            ranges.add(page.path("from").asText() + page.path("to").asText());
            String link = page.path("nextLink").asText();
            next = link.isEmpty() ? "" : link.substring(link.indexOf('?'));
            if (!next.isEmpty()) {
                assertThat(next).contains("from=", "to=");
            }
        }
        gateway.postgres().execute("delete from usage_source_hour where source like '/zz%'");
        assertThat(seen).hasSize(205).isSorted().doesNotHaveDuplicates();
        assertThat(ranges).hasSize(3);
        assertThat(ranges.stream().distinct()).hasSize(1);
    }

    @Test
    void whatIsAskedWronglyIsNamed() {
        Map<String, String> wrong = Map.of(
                "?from=" + now.plusSeconds(1),
                "`from`",
                "?to=yesterday",
                "`to`",
                "?from=" + now + "&to=" + now,
                "`from`",
                "?from=" + ago(31 * 24 + 1) + "&to=" + now,
                "31 days",
                "?after=%00",
                "`after`",
                "?source=x",
                "`source`");
        wrong.forEach((query, part) -> {
            Answer answer = operator.get("/usage/sources" + query);
            assertThat(answer.errorCode()).as(query).isEqualTo("InvalidProperty");
            assertThat(answer.body()).contains(part);
        });
        assertThat(sources("?from=" + ago(31 * 24) + "&to=" + now).path("value"))
                .isNotEmpty();
    }

    @Test
    void windowsSayHowLateUsageCameAndHowLongSealingTook() {
        JsonNode recent = operator.get("/windows").json().path("recent");
        assertThat(recent.size()).isBetween(11, 13);
        List<String> counts = new ArrayList<>();
        for (JsonNode window : recent) {
            assertThat(window.path("seconds").decimalValue()).isNotNegative();
            assertThat(window.path("sealedAt").asText()).isNotEmpty();
            if (window.path("records").asInt() > 0) {
                counts.add(window.path("records") + " " + window.path("lateRecords"));
            }
        }
        assertThat(counts).containsExactly("2 2", "1 0", "1 0", "1 0", "1 0", "1 0");
        assertThat(hoursAgo(recent.at("/0/reportedHour"))).isLessThanOrEqualTo(0);
    }

    private static String tallygate(Object... arguments) {
        StringWriter out = new StringWriter();
        int exitCode = TallygateCommand.commandLine(Map.of(
                        "TALLYGATE_OPERATOR_TOKEN", TestIdentity.get().token(TestIdentity.OPERATOR, Role.values())))
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(out))
                .execute(Stream.concat(
                                Arrays.stream(arguments),
                                Stream.of(
                                        "--url",
                                        gateway.url(),
                                        "--ca",
                                        TestIdentity.get().caFile()))
                        .map(Object::toString)
                        .toArray(String[]::new));
        assertThat(exitCode).as(out.toString()).isZero();
        return out.toString();
    }

    @Test
    void theCommandListsThemWithTheLastGaps() {
        String wire = ago(3).toString().replace("Z", "+00:00");
        assertThat(tallygate("sources", "reported", "--from", ago(20), "--to", now))
                .containsPattern(
                        "/compute +\\S+ +\\S+ +6 +5 +\\S+ to \\S+, " + java.util.regex.Pattern.quote(wire) + " to ")
                .containsPattern("/storage\\?a b +\\S+ +\\S+ +1 +7 ");
        assertThat(Answer.parse(tallygate("sources", "reported", "--json", "--limit", "1")
                                .lines()
                                .findFirst()
                                .orElseThrow())
                        .path("gaps"))
                .isNotEmpty();
    }
}
