package io.tallygate.deploy.testing;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import io.tallygate.store.directory.SubscriptionId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** A usage event that a test bends field by field; as made it is good: one core-hour of a machine named by its id. */
public final class TestEvent {
    private final ObjectNode event = JsonNodeFactory.instance.objectNode();
    private final ObjectNode data = JsonNodeFactory.instance.objectNode();

    private TestEvent() {}

    /** For one whole hour. */
    public static TestEvent of(String id, SubscriptionId subscription, Instant hour) {
        TestEvent made = new TestEvent();
        made.event
                .put("specversion", "1.0")
                .put("type", "io.tallygate.usage.v1")
                .put("source", "test")
                .put("id", id)
                .put("subject", subscription.toString())
                .set("data", made.data);
        made.data.put("meterId", TestWorld.CORE_HOURS).put("resourceUri", resource(subscription, id));
        return made.text("data.location", "local")
                .raw("data.quantity", "1")
                .text("data.usageStartTime", hour.toString())
                .text("data.usageEndTime", hour.plus(1, ChronoUnit.HOURS).toString());
    }

    /** The resource that an event of this id is about. */
    public static String resource(SubscriptionId subscription, String id) {
        return "/subscriptions/" + subscription + "/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm-"
                + id;
    }

    /** Sets a field, as {@code subject} or {@code data.quantity}, to a string. */
    public TestEvent text(String field, String value) {
        owner(field).put(name(field), value);
        return this;
    }

    /** Sets a field to exactly this text, whether it is JSON or not. */
    public TestEvent raw(String field, String text) {
        owner(field).putRawValue(name(field), new RawValue(text));
        return this;
    }

    /** Takes a field away. */
    public TestEvent without(String field) {
        owner(field).remove(name(field));
        return this;
    }

    /** The event. */
    public String json() {
        return event.toString();
    }

    /** The event as a line of NDJSON. */
    public String line() {
        return json() + "\n";
    }

    private ObjectNode owner(String field) {
        return field.startsWith("data.") ? data : event;
    }

    private static String name(String field) {
        return field.startsWith("data.") ? field.substring("data.".length()) : field;
    }
}
