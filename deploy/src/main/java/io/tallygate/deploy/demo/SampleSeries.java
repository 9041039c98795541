package io.tallygate.deploy.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import io.tallygate.store.directory.SubscriptionId;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * The hourly usage of one meter by one resource.
 *
 * @param source the resource provider that reports it (CloudEvents {@code source})
 * @param id unique in the world; with the hour it is the CloudEvents {@code id}
 * @param noise the name its noise comes from: the meters of one machine share it and so tell the same story
 * @param days on how many days of the period, from the first on, it is reported
 */
record SampleSeries(
        String source,
        String id,
        String noise,
        SubscriptionId subscription,
        String meter,
        SampleResource resource,
        Curve curve,
        int days) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The quantity in this hour; zero if nothing is reported. */
    BigDecimal quantity(SampleHour hour) {
        return hour.index() < days * 24
                ? curve.at(hour, Noise.unit(Noise.series(noise), hour.number()))
                : BigDecimal.ZERO;
    }

    /** The usage record as a CloudEvent in JSON, in one line. */
    String event(SampleHour hour, BigDecimal quantity) {
        Instant end = hour.start().plus(1, ChronoUnit.HOURS);
        ObjectNode event = JSON.createObjectNode()
                .put("specversion", "1.0")
                .put("type", "io.tallygate.usage.v1")
                .put("source", source)
                .put("id", id + "/" + hour.start().toString().substring(0, 13))
                .put("subject", subscription.toString());
        ObjectNode data = event.putObject("data").put("meterId", meter);
        resource.describe(data);
        // As it is: Jackson would write 10 as 1E+1.
        data.putRawValue("quantity", new RawValue(quantity.toPlainString()));
        data.put("usageStartTime", hour.start().toString()).put("usageEndTime", end.toString());
        return event.toString();
    }
}
