package io.tallygate.gateway.summary;

import io.tallygate.gateway.http.WireTime;
import io.tallygate.store.aggregate.MeterLabel;
import io.tallygate.store.summary.Grouping;
import io.tallygate.store.summary.Summary;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** A summary as it is answered. Quantities are texts: exact, and never read as a double by chance. */
final class SummaryJson {
    private SummaryJson() {}

    static JsonObject of(SummaryRequest request, Summary summary) {
        JsonArray groups = new JsonArray();
        summary.series().forEach(series -> groups.add(group(request.grouping(), series)));
        return new JsonObject()
                .put("from", WireTime.format(request.from()))
                .put("to", WireTime.format(request.to()))
                .put("granularity", SummaryRequest.word(request.granularity()))
                .put("groupBy", request.groupBy())
                .put("sealedThrough", WireTime.formatOrNull(summary.sealedThrough()))
                .put("firstHour", WireTime.formatOrNull(summary.firstHour()))
                .put("groups", groups)
                .put("truncated", summary.series().stream().anyMatch(Summary.Series::other));
    }

    private static JsonObject group(Grouping grouping, Summary.Series series) {
        MeterLabel meter = series.meter();
        boolean byMeter = grouping.kind() == Grouping.Kind.METER;
        JsonArray points = new JsonArray();
        series.points().forEach(point -> points.add(point(point)));
        return new JsonObject()
                .put("key", byMeter ? meter.id() : series.key())
                .put("label", byMeter ? meter.name() : label(grouping, series))
                .put("meterId", meter.id())
                .put("meterName", meter.name())
                .put("unit", meter.unit())
                .put("other", series.other())
                .put("total", series.total())
                .put("records", series.records())
                .put("points", points);
    }

    private static String label(Grouping grouping, Summary.Series series) {
        return switch (grouping.kind()) {
            case RESOURCE, RESOURCE_GROUP -> series.key().substring(series.key().lastIndexOf('/') + 1);
            case LOCATION, TAG -> series.key();
            default -> series.label();
        };
    }

    private static JsonObject point(Summary.Point point) {
        JsonObject json =
                new JsonObject().put("time", WireTime.format(point.time())).put("quantity", point.quantity());
        return point.open() == null ? json : json.put("open", point.open());
    }
}
