package io.tallygate.deploy.property;

import io.tallygate.deploy.testing.HttpCaller;
import java.time.Instant;

/** A bound on what is closed: it only grows. */
final class Watermark {
    private Instant value;

    Watermark(Instant value) {
        this.value = value;
    }

    synchronized void raise(Instant at) {
        if (at.isAfter(value)) {
            value = at;
        }
    }

    synchronized Instant get() {
        return value;
    }

    /** A field of {@code GET /windows}, or of the answer to sealing. */
    static Instant in(HttpCaller.Answer windows, String field) {
        String text = windows.json().path(field).asText();
        return text.equals("null") || text.isEmpty() ? Instant.MIN : Instant.parse(text.replace("+00:00", "Z"));
    }
}
