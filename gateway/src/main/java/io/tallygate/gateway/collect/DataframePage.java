package io.tallygate.gateway.collect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tallygate.gateway.collect.SourceException.Kind;
import io.tallygate.gateway.crypto.Base64Url;
import io.tallygate.gateway.http.WireTime;
import io.tallygate.store.usage.FieldDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a page of CloudKitty's {@code /v2/dataframes}: a row for each point, in the shape of a usage
 * aggregate. A page says neither which it is nor where the next one is, so that it is held against what was
 * asked and what the page before said.
 */
final class DataframePage {
    /** Points in a page; OpenSearch, which keeps them in no order, has most windows in one. */
    static final int LIMIT = 5_000;

    // Of a digest, so that those of all pages are not long.
    private static final int DIGEST = 16;

    // OpenSearch counts no further, and gives more than it counted.
    private static final long COUNTED_AT_MOST = 10_000;

    private final DataframePoint points;
    private final UsageWindow window;
    private final DataframePosition at;

    /** The page that is there in this window. */
    DataframePage(DataframePoint points, UsageWindow window, DataframePosition at) {
        this.points = points;
        this.window = window;
        this.at = at;
    }

    /**
     * The rows, and where the next page is.
     *
     * @throws SourceException Malformed, if they are not all, or not those that were asked for
     */
    SourcePage read(JsonNode page) {
        if (!page.path("total").canConvertToLong()
                || !page.path("total").isIntegralNumber()
                || !page.path("dataframes").isArray()) {
            throw malformed("expected `total` and `dataframes`");
        }
        List<JsonNode> rows = new ArrayList<>();
        page.path("dataframes").forEach(frame -> addFrame(frame, rows));
        long total = page.path("total").longValue();
        requireWhole(total, rows.size());
        String digest = Base64Url.encode(
                        new FieldDigest().field(rows.toString()).digest().getBytes())
                .substring(0, DIGEST);
        if (!rows.isEmpty() && at.before().contains(digest)) {
            throw malformed("a page before came once more");
        }
        return new SourcePage(
                rows,
                rows.size() < LIMIT
                        ? Optional.empty()
                        : Optional.of(new DataframePosition(at.offset() + LIMIT, total, at.before() + " " + digest)
                                .toString()));
    }

    private void requireWhole(long total, int found) {
        if (at.total() >= 0 && total != at.total()) {
            throw malformed("`total` is " + total + ", and was " + at.total() + " on the page before");
        }
        long promised = Math.max(0, Math.min(LIMIT, total - at.offset()));
        if (found < promised || (found > promised && total != COUNTED_AT_MOST)) {
            throw malformed(
                    "expected " + promised + " points from " + at.offset() + " of " + total + ", found " + found);
        }
    }

    private void addFrame(JsonNode frame, List<JsonNode> rows) {
        Instant begin = time(frame, "begin");
        if (begin.isBefore(window.from()) || !begin.isBefore(window.to())) {
            throw malformed("a frame begins at " + begin + ", which is not in the window");
        }
        Instant end = time(frame, "end");
        if (!(frame.path("usage") instanceof ObjectNode usage)) {
            throw malformed("`usage` is missing: expected an object");
        }
        for (Map.Entry<String, JsonNode> metric : usage.properties()) {
            if (!metric.getValue().isArray()) {
                throw malformed("`usage` holds something else than lists of points");
            }
            for (JsonNode point : metric.getValue()) {
                rows.add(points.row(begin, end, metric.getKey(), point));
                if (rows.size() > LIMIT) {
                    throw malformed("more than " + LIMIT + " points in a page");
                }
            }
        }
    }

    private static Instant time(JsonNode frame, String name) {
        JsonNode value = frame.path("period").path(name);
        return WireTime.parse(value.asText()).orElseThrow(() -> malformed("`period." + name + "` is no time"));
    }

    private static SourceException malformed(String what) {
        return new SourceException(Kind.Malformed, what);
    }
}
