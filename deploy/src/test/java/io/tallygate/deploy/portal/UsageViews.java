package io.tallygate.deploy.portal;

import static io.tallygate.deploy.portal.Figures.count;
import static io.tallygate.deploy.portal.Figures.exact;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.deploy.testing.HttpCaller;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The views that tenants have too, and what one caller has to see there. */
final class UsageViews {
    private static final int DAYS = 30;

    private final HttpCaller caller;
    private final String aggregates;

    /**
     * As this caller.
     *
     * @param aggregates the path of the usage route that the view of usage records asks
     */
    UsageViews(HttpCaller caller, String aggregates) {
        this.caller = caller;
        this.aggregates = aggregates;
    }

    List<PortalView> all() {
        return List.of(
                PortalView.plain("overview", this::overview),
                PortalView.plain("usage", this::usage),
                PortalView.plain("keys", this::keys),
                PortalView.plain("audit", this::audit));
    }

    // The figure of the leading meter: the largest of the unit that most records are in.
    private String overview() {
        JsonNode groups = caller.get(
                        "/usage/summary?granularity=total&groupBy=meter&from=" + daysBack(DAYS) + "&to=" + daysBack(0))
                .json()
                .path("groups");
        JsonNode busiest = most(groups, each -> each.path("records").decimalValue());
        List<JsonNode> ofUnit = stream(groups)
                .filter(each -> each.path("unit").equals(busiest.path("unit")))
                .toList();
        JsonNode lead = most(ofUnit, each -> new BigDecimal(each.path("total").asText()).abs());
        return Figures.exactFigure(
                lead.path("meterName").asText(),
                exact(lead.path("total")) + " " + lead.path("unit").asText());
    }

    // How many rows there are, and the first of them.
    private String usage() {
        Instant sealed = OffsetDateTime.parse(caller.get("/usage/summary?granularity=total&groupBy=none&from="
                                + daysBack(1) + "&to=" + daysBack(0))
                        .json()
                        .path("sealedThrough")
                        .asText())
                .toInstant()
                .truncatedTo(ChronoUnit.DAYS);
        Instant end = sealed.isBefore(daysBack(0)) ? sealed : daysBack(0);
        String path = aggregates
                + "?api-version=2015-06-01-preview&aggregationGranularity=Daily&reportedStartTime=" + daysBack(DAYS)
                + "&reportedEndTime=" + end;
        String rows = caller.send("HEAD", path, null, null)
                .response()
                .headers()
                .firstValue("x-row-count")
                .orElseThrow();
        JsonNode first = caller.get(path).json().at("/value/0/properties");
        return ".grid-box[aria-rowcount=\"" + (Long.parseLong(rows) + 1) + "\"] [aria-rowindex=\"2\"] span[title=\""
                + exact(first.path("quantity")) + " " + first.path("unit").asText() + "\"]";
    }

    private String keys() {
        long active = stream(caller.get("/apiKeys").json().path("value"))
                .filter(key -> key.path("state").asText().equals("active"))
                .count();
        return "h2:text-is(\"" + count(active) + " active key" + (active == 1 ? "" : "s") + "\")";
    }

    // The latest entry of today: others may have come after it.
    private String audit() {
        JsonNode latest = caller.get("/audit?order=desc").json().at("/value/0");
        return latest.has("auditId")
                ? "tr .hint:text-is(\"Number " + latest.path("auditId").asText() + "\")"
                : "tr:has(.audit-target[title=\"" + latest.path("target").asText() + "\"]):has(.hint:text-is(\""
                        + latest.path("action").asText() + "\"))";
    }

    /** UTC midnight, so many days before the one that is to come. */
    static Instant daysBack(int days) {
        return OffsetDateTime.now(ZoneOffset.UTC)
                .truncatedTo(ChronoUnit.DAYS)
                .plusDays(1L - days)
                .toInstant();
    }

    /** The records of each meter of some groups, most first; of as many the one whose name is first. */
    static List<String> metersByRecords(JsonNode groups) {
        Map<String, Long> records = stream(groups)
                .collect(Collectors.groupingBy(
                        each -> each.path("meterId").asText(),
                        Collectors.summingLong(each -> each.path("records").asLong())));
        Map<String, String> names = stream(groups)
                .collect(Collectors.toMap(
                        each -> each.path("meterId").asText(),
                        each -> each.path("meterName").asText(),
                        (one, other) -> one));
        return records.keySet().stream()
                .sorted(Comparator.<String>comparingLong(id -> -records.get(id)).thenComparing(names::get))
                .toList();
    }

    private static Stream<JsonNode> stream(JsonNode rows) {
        return StreamSupport.stream(rows.spliterator(), false);
    }

    private static JsonNode most(Iterable<JsonNode> rows, Function<JsonNode, BigDecimal> by) {
        return StreamSupport.stream(rows.spliterator(), false)
                .max(Comparator.comparing(by))
                .orElseThrow();
    }
}
