package io.tallygate.deploy.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The settings in force, each with its origin. */
public final class Configuration {
    /** The origin of what nobody set. */
    static final String DEFAULT = "default";

    private final Map<Setting<?>, Value<?>> values;
    private final List<String> warnings;

    /**
     * A setting's value.
     *
     * @param shown as it may be printed
     */
    record Value<T>(T value, String shown, String origin) {}

    Configuration(Map<Setting<?>, Value<?>> values, List<String> warnings) {
        this.values = Map.copyOf(values);
        this.warnings = List.copyOf(warnings);
    }

    /** The same with more warnings. */
    Configuration warning(List<String> more) {
        return new Configuration(
                values, Stream.concat(warnings.stream(), more.stream()).toList());
    }

    /**
     * What is no problem, but should be known: files with secrets that every user of the machine may read, and what is most
     * likely not meant.
     */
    public List<String> warnings() {
        return warnings;
    }

    /**
     * The value of a setting that has one.
     *
     * @throws java.util.NoSuchElementException when it is neither set nor has a default
     */
    public <T> T get(Setting<T> setting) {
        return find(setting).orElseThrow();
    }

    /** The value of a setting that may be left out. */
    @SuppressWarnings("unchecked") // ConfigLoader reads each value with its setting's own type
    public <T> Optional<T> find(Setting<T> setting) {
        return Optional.ofNullable((Value<T>) values.get(setting)).map(Value::value);
    }

    /** This one, with the values of these settings from the other. */
    Configuration with(Configuration other, List<Setting<?>> settings) {
        Map<Setting<?>, Value<?>> merged = new HashMap<>(values);
        for (Setting<?> setting : settings) {
            merged.compute(setting, (same, value) -> other.values.get(setting));
        }
        return new Configuration(merged, other.warnings);
    }

    /** A value as it may be printed; empty if there is none. */
    String shown(Setting<?> setting) {
        Value<?> value = values.get(setting);
        return value == null ? "" : value.shown();
    }

    /** Where a value comes from, for messages. */
    String origin(Setting<?> setting) {
        Value<?> value = values.get(setting);
        return value == null ? "" : value.origin();
    }

    /** A line for each setting, with its value and origin; secrets are not shown. */
    public List<String> describe() {
        return Settings.all().stream().map(this::describe).toList();
    }

    /** The settings that somebody set, by their keys, as they may be shown: secrets are not. */
    public Map<String, String> given() {
        Map<String, String> given = new TreeMap<>();
        values.forEach((setting, value) -> {
            if (!value.origin().equals(DEFAULT)) {
                given.put(setting.key(), value.shown());
            }
        });
        return given;
    }

    private String describe(Setting<?> setting) {
        Value<?> value = values.get(setting);
        return value == null
                ? setting.key() + ": (not set)"
                : setting.key() + ": " + value.shown() + "  # " + value.origin();
    }
}
