package io.tallygate.gateway.http;

import io.vertx.core.MultiMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The parameters of a request. Names are compared without case; a name given twice is fine while both say the same. A
 * parameter that is there but empty counts as missing.
 */
public final class QueryParameters {
    private final Map<String, String> values = new TreeMap<>();

    /**
     * Reads decoded parameters.
     *
     * @throws ApiException {@code InvalidProperty} if one is given twice with different values
     */
    public QueryParameters(MultiMap decoded) {
        for (Map.Entry<String, String> parameter : decoded) {
            String name = parameter.getKey().toLowerCase(Locale.ROOT);
            String before = values.put(name, parameter.getValue());
            if (before != null && !before.equals(parameter.getValue())) {
                throw ApiError.InvalidProperty.because(
                        "`" + parameter.getKey() + "` is given twice with different values: give it once");
            }
        }
    }

    /** The parameter's value, if it is there. */
    public Optional<String> find(String name) {
        return Optional.ofNullable(values.get(name.toLowerCase(Locale.ROOT))).filter(value -> !value.isEmpty());
    }

    /**
     * The parameter's value.
     *
     * @param expected what it should be, for the message
     */
    public String require(String name, String expected) {
        return find(name)
                .orElseThrow(() -> ApiError.InvalidProperty.because("`" + name + "` is missing: expected " + expected));
    }
}
