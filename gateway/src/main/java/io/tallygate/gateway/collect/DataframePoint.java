package io.tallygate.gateway.collect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tallygate.gateway.collect.SourceOrigin.CloudKitty;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Makes of a point of CloudKitty's dataframes the usage aggregate that it would be elsewhere. What it may
 * hold is for others to judge: what is missing here is missing there. Its price is left out; prices are for
 * who bills.
 */
final class DataframePoint {
    // Newer ones group by these as well. They would make a new instance of a resource every day.
    private static final Set<String> TIMES = Set.of("year", "month", "week_of_the_year", "day_of_the_year");
    private static final List<String> PROJECT = List.of("project_id", "tenant_id");
    private static final List<String> REGION = List.of("region_id", "region");

    private final CloudKitty origin;
    private final String source;

    /**
     * Of this source.
     *
     * @param source its name: the location of what has no region
     */
    DataframePoint(CloudKitty origin, String source) {
        this.origin = origin;
        this.source = source;
    }

    /** The row. */
    ObjectNode row(Instant begin, Instant end, String metric, JsonNode point) {
        String project = first(point, PROJECT);
        String id = first(point, List.of("id"));
        ObjectNode row = JsonNodeFactory.instance.objectNode();
        ObjectNode properties = row.putObject("properties");
        properties
                .put("usageStartTime", begin.toString())
                .put("usageEndTime", end.toString())
                .put("meterId", origin.meters().getOrDefault(metric, metric))
                .set("quantity", stored(point.path("vol").path("qty")));
        if (project != null) {
            properties.put(
                    "subscriptionId",
                    OpenStackId.parse(project).map(Object::toString).orElse(project));
        }
        String region = first(point, REGION);
        properties
                .putObject("instanceData")
                .putObject("Microsoft.Resources")
                .put(
                        "resourceUri",
                        "/projects/" + project + "/providers/OpenStack/" + metric + (id == null ? "" : "/" + id))
                .put("location", region == null ? origin.region().orElse(source) : region)
                .set("additionalInfo", info(point));
        return row;
    }

    // CloudKitty computes with doubles, whose last digits say nothing, and may stand behind any number of zeros.
    private static JsonNode stored(JsonNode quantity) {
        if (!quantity.isBigDecimal()) {
            return quantity;
        }
        BigDecimal exact = quantity.decimalValue();
        if (exact.scale() <= HourlySpread.SCALE) {
            return quantity;
        }
        // Looked at before: rounding 1e-999999999 would fill the memory.
        boolean none = (long) exact.precision() - exact.scale() < -HourlySpread.SCALE;
        return JsonNodeFactory.instance.numberNode(
                none ? BigDecimal.ZERO : exact.setScale(HourlySpread.SCALE, RoundingMode.HALF_EVEN));
    }

    private static ObjectNode info(JsonNode point) {
        ObjectNode info = JsonNodeFactory.instance.objectNode();
        if (point.path("vol").path("unit").isTextual()) {
            info.set("unit", point.path("vol").path("unit"));
        }
        if (point.path("groupby") instanceof ObjectNode groupby) {
            info.set("groupby", groupby.deepCopy().remove(TIMES));
        }
        if (point.path("metadata") instanceof ObjectNode metadata) {
            info.set("metadata", metadata);
        }
        return info;
    }

    private static String first(JsonNode point, List<String> names) {
        return Stream.of("groupby", "metadata")
                .flatMap(part -> names.stream().map(name -> point.path(part).path(name)))
                .filter(value -> value.isTextual() && !value.textValue().isBlank())
                .map(JsonNode::textValue)
                .findFirst()
                .orElse(null);
    }
}
