package io.tallygate.bench.peer;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonRawValue;
import java.math.BigDecimal;
import java.util.UUID;

/** A row as Jackson writes it: names and order are those of the gateway. */
@JsonPropertyOrder({"id", "name", "type", "properties"})
record UsageAggregate(@JsonIgnore Position position, String id, UUID name, String type, Properties properties) {

    /** {@code instanceData} is stored as a JSON string literal. */
    @JsonPropertyOrder({
        "subscriptionId",
        "usageStartTime",
        "usageEndTime",
        "instanceData",
        "quantity",
        "meterId",
        "meterName",
        "unit"
    })
    record Properties(
            UUID subscriptionId,
            String usageStartTime,
            String usageEndTime,
            @JsonRawValue String instanceData,
            BigDecimal quantity,
            String meterId,
            String meterName,
            String unit) {}
}
