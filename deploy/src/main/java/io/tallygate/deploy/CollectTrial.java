package io.tallygate.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.gateway.collect.CollectSource;
import io.tallygate.gateway.collect.FollowedLinks;
import io.tallygate.gateway.collect.SourceException;
import io.tallygate.gateway.collect.SourcePage;
import io.tallygate.gateway.collect.UsageWindow;
import io.tallygate.gateway.collect.WindowRecords;
import io.tallygate.gateway.ingest.UsageRecordParser.Parsed;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a window would bring: its pages are read to their end, and nothing is kept of them but counts. */
final class CollectTrial {
    private static final int MOST_PAGES = 100_000;

    private final CollectSource source;
    private final Map<String, Counts> byMeter = new TreeMap<>();
    private int pages;
    private String refusal;

    /** The rows of a subscription and meter, and the records that are made of them. */
    static final class Counts {
        private long rows;
        private long records;
        private long refused;

        long rows() {
            return rows;
        }

        long records() {
            return records;
        }

        long refused() {
            return refused;
        }
    }

    /** Of this source. */
    CollectTrial(CollectSource source) {
        this.source = source;
    }

    /**
     * Reads a window, and waits for that.
     *
     * @throws SourceException if the source does not give it
     */
    void read(UsageWindow window, WindowRecords records) {
        FollowedLinks followed = new FollowedLinks(MOST_PAGES);
        for (Optional<String> next = Optional.empty(); ; ) {
            SourcePage page = followed.once(source.page(window, next).await());
            pages++;
            if (page.beginsAnew()) {
                records.beginAnew();
            }
            page.rows().forEach(row -> count(row, records.of(row)));
            next = page.next();
            if (next.isEmpty()) {
                return;
            }
        }
    }

    /** By subscription and meter, as the source writes them. */
    Map<String, Counts> byMeter() {
        return byMeter;
    }

    /** All of them together, in words. */
    String total() {
        Counts all = new Counts();
        byMeter.values().forEach(counts -> {
            all.rows += counts.rows;
            all.records += counts.records;
            all.refused += counts.refused;
        });
        return all.rows + " rows, " + all.records + " records"
                + (all.refused == 0 ? "" : ", " + all.refused + " refused");
    }

    /** How many pages there were. */
    int pages() {
        return pages;
    }

    /** Why the first record would be refused; empty if none would. */
    Optional<String> refusal() {
        return Optional.ofNullable(refusal);
    }

    private void count(JsonNode row, List<Parsed> read) {
        JsonNode properties = row.path("properties");
        String key = text(properties, "subscriptionId") + "  " + text(properties, "meterId");
        Counts counts = byMeter.computeIfAbsent(key, first -> new Counts());
        counts.rows++;
        for (Parsed parsed : read) {
            if (parsed.record() != null) {
                counts.records++;
                continue;
            }
            counts.refused++;
            if (refusal == null) {
                refusal = parsed.refusal().code() + ": " + parsed.refusal().message();
            }
        }
    }

    private static String text(JsonNode properties, String name) {
        return String.format(
                Locale.ROOT, "%-36.64s", properties.path(name).asText("?").replaceAll("\\p{Cntrl}", "?"));
    }
}
