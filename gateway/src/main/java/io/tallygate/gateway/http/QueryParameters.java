package io.tallygate.gateway.http;

import io.tallygate.store.aggregate.AggregationGranularity;
import io.vertx.core.MultiMap;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

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
                throw ApiError.InvalidProperty.because("`" + WireText.quoted(parameter.getKey())
                        + "` is given twice with different values: give it once");
            }
        }
    }

    /**
     * Refuses parameters of other names, but {@code api-version}: one that is misspelt must not count as left out.
     *
     * @throws ApiException {@code InvalidProperty}, naming the first
     */
    public QueryParameters only(String... names) {
        Set<String> known = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        known.addAll(List.of(names));
        for (String name : values.keySet()) {
            if (!known.contains(name) && !name.equals("api-version")) {
                throw ApiError.InvalidProperty.because(
                        "`" + WireText.quoted(name) + "` is no parameter of this route: expected "
                                + (names.length == 0 ? "none" : String.join(", ", names)));
            }
        }
        return this;
    }

    /** The parameter as a UUID, if it is there. */
    public Optional<UUID> uuid(String name) {
        return find(name).map(text -> WireUuid.require(text, name));
    }

    /** The parameter as a text that a store can look for, if it is there. */
    public Optional<String> text(String name) {
        return find(name).map(text -> {
            if (!WireText.isClean(text)) {
                throw ApiError.InvalidProperty.because("`" + name + "` holds a control character");
            }
            return text;
        });
    }

    /** The parameter as a time, if it is there. */
    public Optional<Instant> time(String name) {
        return find(name)
                .map(text -> WireTime.parse(text)
                        .orElseThrow(() -> ApiError.InvalidProperty.because(
                                "`" + name + "` is malformed: expected " + WireTime.EXPECTED)));
    }

    /**
     * The parameter as a whole UTC hour, if it is there.
     *
     * @throws ApiException {@code InvalidProperty} if it is any other time, or none
     */
    public Optional<Instant> hour(String name) {
        return time(name).map(time -> {
            if (!AggregationGranularity.Hourly.isBoundary(time)) {
                throw ApiError.InvalidProperty.because(
                        "`" + name + "` must be a whole UTC hour, as 2026-11-20T13:00:00Z");
            }
            return time;
        });
    }

    /**
     * Whether the parameter is {@code true}; not if it is not there.
     *
     * @throws ApiException {@code InvalidProperty} if it is neither {@code true} nor {@code false}, in any case
     */
    public boolean flag(String name) {
        String text = find(name).orElse("false");
        if (!text.equalsIgnoreCase("true") && !text.equalsIgnoreCase("false")) {
            throw ApiError.InvalidProperty.because("`" + name + "` must be true or false");
        }
        return text.equalsIgnoreCase("true");
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
