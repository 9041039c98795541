package io.tallygate.gateway.delivery;

import io.tallygate.gateway.http.JsonFields;
import java.util.Optional;

/** An operator's words for the audit. */
final class Reasons {
    private static final int MAX = 1000;
    private static final String FIELD = "reason";

    private Reasons() {}

    static Optional<String> find(JsonFields body) {
        return body.text(FIELD, MAX).filter(text -> !text.isBlank());
    }

    static String require(JsonFields body, String what) {
        return find(body).orElseThrow(() -> body.missing(FIELD, what));
    }
}
