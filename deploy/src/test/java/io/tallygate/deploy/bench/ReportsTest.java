package io.tallygate.deploy.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

class ReportsTest {
    private static final Line STREAM = Line.of(
                    "stream.ndjson",
                    "NDJSON <whole>",
                    "rows/s",
                    Better.HIGHER,
                    List.of(150_000.0, 160_000.0, 155_000.0))
            .against("T & co", List.of(100_000.0, 100_000.0, 100_000.0))
            .to(Target.atLeast(1.5))
            .peakRss(312.4)
            .noting("a \"note\"");
    private static final Line START = Line.of("start.ready", "start of serve to ready", "s", Better.LOWER, List.of(3.5))
            .to(Target.figureAtMost(3));
    private static final Run RUN = new Run(
            Map.of("processors", "2"),
            List.of(STREAM, pages(1, 900), pages(32, 1800), START),
            Map.of("peer", "not there"));

    @Test
    void theTableSaysWhatWasReachedAndHowFarItVaries() {
        assertThat(TableReport.of(List.of(STREAM, START))).isEqualTo("""
                | line                    | floor  | floor's median | median  | unit   | ratio | spread    | target  | met    | peak RSS |
                | ----------------------- | ------ | -------------- | ------- | ------ | ----- | --------- | ------- | ------ | -------- |
                | NDJSON <whole>          | T & co | 100,000        | 155,000 | rows/s | 1.55  | 1.50–1.60 | ≥ 1.5 × | yes    | 312 MB   |
                | start of serve to ready |        |                | 3.5     | s      |       |           | ≤ 3 s   | **no** |          |
                """);
    }

    @Test
    void theJsonHasEverySample() throws IOException {
        JsonNode json = new ObjectMapper().readTree(JsonReport.of(RUN));
        JsonNode line = json.at("/lines/0");
        assertThat(line.path("id").asText()).isEqualTo("stream.ndjson");
        assertThat(line.at("/figure/samples")).hasSize(3);
        assertThat(line.at("/floor/median").asDouble()).isEqualTo(100_000);
        assertThat(line.at("/ratio/median").asDouble()).isEqualTo(1.55);
        assertThat(line.path("met").asBoolean()).isTrue();
        assertThat(json.at("/lines/3/met").asBoolean(true)).isFalse();
        assertThat(json.at("/lines/3/floor").isMissingNode()).isTrue();
        assertThat(json.at("/notMeasured/peer").asText()).isEqualTo("not there");
    }

    @Test
    void thePageNeedsNothingElseAndTakesNoTextForMarkup() {
        String page = HtmlReport.of(RUN);
        assertThat(page)
                .contains("prefers-color-scheme: dark", "NDJSON &lt;whole&gt;", "T &amp; co", "a &quot;note&quot;")
                .contains("Pages of 1,000 rows", "Not measured: peer: not there", "<td class=\"no\">no</td>")
                // One place alone makes no curve.
                .doesNotContain("as the data grows")
                .doesNotContain("<whole>", "<script", "http://", "https://");
    }

    @Test
    void thePlotsAreWellFormed() throws ParserConfigurationException, IOException, SAXException {
        RangePlot ranges = new RangePlot();
        RUN.lines().stream().filter(line -> line.target() != null).forEach(ranges::add);
        CurvePlot curves = new CurvePlot("<Pages>", "clients", "pages/s");
        curves.add("a & b", 1, 900);
        curves.add("a & b", 32, 1800);
        for (String svg : List.of(ranges.svg(), curves.svg())) {
            var document = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new InputSource(new StringReader(svg)));
            assertThat(document.getElementsByTagName("circle").getLength()).isGreaterThan(1);
        }
    }

    private static Line pages(int clients, double rate) {
        return Line.of("pages.operator." + clients, "operator", "pages/s", Better.HIGHER, List.of(rate))
                .against("pgbench", List.of(1000.0));
    }
}
