package io.tallygate.gateway.usage;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.tallygate.gateway.http.WireTime;
import io.tallygate.store.aggregate.AggregationGranularity;
import io.tallygate.store.aggregate.UsageAggregate;
import io.tallygate.store.usage.CanonicalJson;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * A page as clients read it: {@code {"value":[{id,name,type,properties}],"nextLink"}}. On the last page there is no
 * {@code nextLink} at all.
 */
final class UsageAggregatePage {
    private static final JsonFactory JSON = new JsonFactory();

    private UsageAggregatePage() {}

    /** The names that differ between the tenant's and the admin's rows. */
    enum Kind {
        TENANT("Microsoft.Commerce/UsageAggregate"),
        ADMIN("Microsoft.Commerce.Admin/UsageAggregate");

        private final String type;

        Kind(String type) {
            this.type = type;
        }
    }

    static Buffer render(
            Kind kind, AggregationGranularity granularity, List<UsageAggregate> rows, String nextLinkOrNull) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(64 + rows.size() * 900);
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeArrayFieldStart("value");
            for (UsageAggregate row : rows) {
                write(json, kind, granularity, row);
            }
            json.writeEndArray();
            if (nextLinkOrNull != null) {
                json.writeStringField("nextLink", nextLinkOrNull);
            }
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return Buffer.buffer(bytes.toByteArray());
    }

    private static void write(JsonGenerator json, Kind kind, AggregationGranularity granularity, UsageAggregate row)
            throws IOException {
        json.writeStartObject();
        json.writeStringField(
                "id", "/subscriptions/" + row.subscription() + "/providers/" + kind.type + "/" + row.name());
        json.writeStringField("name", row.name().toString());
        json.writeStringField("type", kind.type);
        json.writeObjectFieldStart("properties");
        json.writeStringField("subscriptionId", row.subscription().toString());
        json.writeStringField("usageStartTime", WireTime.format(row.usageStart()));
        json.writeStringField("usageEndTime", WireTime.format(row.usageStart().plus(granularity.length())));
        json.writeFieldName("instanceData");
        json.writeRawValue(row.instanceData());
        json.writeFieldName("quantity");
        // As raw digits: exact, and never in scientific notation, which some clients do not read.
        json.writeRawValue(CanonicalJson.plain(row.quantity()));
        json.writeStringField("meterId", row.meterId());
        json.writeStringField("meterName", row.meterName());
        json.writeStringField("unit", row.unit());
        json.writeEndObject();
        json.writeEndObject();
    }
}
