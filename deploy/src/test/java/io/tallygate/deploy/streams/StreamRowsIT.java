package io.tallygate.deploy.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.deploy.streams.HostileUsage.View;
import io.tallygate.deploy.testing.HttpCaller;
import io.tallygate.deploy.testing.HttpCaller.Answer;
import io.tallygate.deploy.testing.StreamCaller;
import io.tallygate.deploy.testing.StreamCaller.Received;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The same rows in every format, on every route, whatever their texts are. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StreamRowsIT {
    private HostileUsage usage;

    @BeforeAll
    void load() {
        usage = new HostileUsage();
    }

    @AfterAll
    void stop() {
        usage.close();
    }

    Stream<Arguments> ranges() {
        return usage.views().stream()
                .flatMap(view -> Stream.of("Hourly", "Daily").map(granularity -> Arguments.of(view, granularity)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("ranges")
    void pagesLinesAndCellsAreTheSameRows(View view, String granularity) {
        String path = view.path(granularity);
        List<String> rows = pages(view.caller(), path);
        assertThat(rows).hasSizeGreaterThan(40);
        try (StreamCaller caller = StreamCaller.of(usage.gateway, view.tenant(), view.role())) {
            Received lines = caller.get(path + "&$format=ndjson");
            assertWhole(lines, rows.size());
            assertThat(JsonRows.ofLines(lines.text())).isEqualTo(rows);

            Received csv = caller.get(path + "&$format=csv");
            assertWhole(csv, rows.size());
            CsvRows cells = CsvRows.parse(csv.text());
            assertThat(cells.json(view.type())).isEqualTo(rows);
            cells.assertHarmless();
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("ranges")
    void everyPositionIsWhereTheRestBegins(View view, String granularity) {
        String path = view.path(granularity);
        try (StreamCaller caller = StreamCaller.of(usage.gateway, view.tenant(), view.role())) {
            List<String> rows =
                    JsonRows.ofLines(caller.get(path + "&$format=ndjson").text());
            List<String> marked = JsonRows.ofLines(
                    caller.get(path + "&$format=ndjson&$positions=1").text());
            assertThat(marked).hasSameSizeAs(rows);
            assertThat(caller.head(path).headers().get("x-row-count")).isEqualTo(Integer.toString(rows.size()));
            // The first of a window, its last, those between windows, and the very last.
            for (int i : new int[] {0, 1, rows.size() / 3 - 1, rows.size() / 3, rows.size() / 2, rows.size() - 1}) {
                String token = Tokens.ofLine(marked.get(i));
                String rest = path + "&continuationToken=" + token;
                int left = rows.size() - i - 1;
                assertThat(caller.head(rest).headers().get("x-row-count")).isEqualTo(Integer.toString(left));
                Received following = caller.get(rest + "&$format=ndjson");
                assertWhole(following, left);
                assertThat(JsonRows.ofLines(following.text())).isEqualTo(rows.subList(i + 1, rows.size()));
            }
        }
    }

    private static void assertWhole(Received stream, int rows) {
        assertThat(stream.status()).as(stream.text()).isEqualTo(200);
        assertThat(stream.rows()).isEqualTo(rows);
        assertThat(stream.digest()).isEqualTo(StreamCaller.sha256(stream.body()));
    }

    private static List<String> pages(HttpCaller caller, String first) {
        List<String> rows = new ArrayList<>();
        for (String next = first; !next.isEmpty(); ) {
            Answer page = caller.get(next);
            assertThat(page.status()).as(page.body()).isEqualTo(200);
            rows.addAll(JsonRows.ofPage(page.body()));
            next = page.json().path("nextLink").asText();
        }
        return rows;
    }
}
