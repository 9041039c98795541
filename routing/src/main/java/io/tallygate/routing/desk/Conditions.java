package io.tallygate.routing.desk;

import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;

/** The conditions of a statement that depend on what is asked for, with their parameters in order. */
final class Conditions {
    private final List<String> texts = new ArrayList<>(List.of("true"));
    private final Tuple parameters = Tuple.tuple();

    /** Adds a condition that has a {@code ?} for each value; nothing if the first value is null. */
    void add(String condition, Object... values) {
        if (values.length > 0 && values[0] == null) {
            return;
        }
        String text = condition;
        for (Object value : values) {
            parameters.addValue(value);
            text = text.replaceFirst("\\?", "\\$" + parameters.size());
        }
        texts.add(text);
    }

    String text() {
        return String.join("\n  and ", texts);
    }

    Tuple parameters() {
        return parameters;
    }
}
