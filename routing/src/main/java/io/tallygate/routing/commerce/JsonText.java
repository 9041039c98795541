package io.tallygate.routing.commerce;

import io.tallygate.store.usage.CanonicalJson;
import io.vertx.core.buffer.Buffer;
import java.math.BigDecimal;

/**
 * Writes a JSON object field by field. The bytes of an event are fixed for ever, so they are written here, not by a
 * library whose next version may write them otherwise.
 */
final class JsonText {
    private final StringBuilder text = new StringBuilder("{");

    /** A string, or null. */
    JsonText string(String name, Object value) {
        return json(name, value == null ? null : CanonicalJson.quoted(value.toString()));
    }

    /** A number in plain notation: exact, however long. */
    JsonText number(String name, BigDecimal value) {
        return json(name, CanonicalJson.plain(value));
    }

    /** A whole number. */
    JsonText number(String name, long value) {
        return json(name, Long.toString(value));
    }

    /** A value that is JSON already; null is written as such. */
    JsonText json(String name, String value) {
        if (text.length() > 1) {
            text.append(',');
        }
        text.append(CanonicalJson.quoted(name)).append(':').append(value);
        return this;
    }

    /** The object's bytes. */
    Buffer bytes() {
        return Buffer.buffer(toString());
    }

    @Override
    public String toString() {
        return text + "}";
    }
}
