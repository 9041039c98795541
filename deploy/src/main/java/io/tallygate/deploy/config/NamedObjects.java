package io.tallygate.deploy.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The type of settings that are lists of objects, each with a name of its own; all problems of a list are reported together.
 *
 * @param plural what the list has, for messages
 * @param one one of them, with its article
 * @param shape an object, as its fields begin
 * @param reader reads one; empty if something is wrong with it, which it has reported
 */
record NamedObjects<T>(String plural, String one, String shape, Reader<T> reader) {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,30}");

    /** Reads one object. */
    @FunctionalInterface
    interface Reader<T> {
        Optional<T> read(RawValue value, ObjectFields fields);
    }

    /** The type. */
    SettingType<List<T>> type() {
        return new SettingType<>("list of " + plural, this::read);
    }

    /** A name that is short and plain. */
    static String name(String text) throws InvalidValueException {
        if (!NAME.matcher(text).matches()) {
            throw new InvalidValueException(
                    "expected a small letter, then small letters, digits and hyphens, 31 characters at most");
        }
        return text;
    }

    private List<T> read(RawValue value) throws InvalidValueException {
        JsonNode list = value.structure();
        if (list.isTextual() && list.textValue().isBlank()) {
            return List.of();
        }
        if (!list.isArray()) {
            throw new InvalidValueException(
                    "expected a list of " + shape + "; in the environment and in a file of its own as a JSON list");
        }
        List<T> objects = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < list.size(); i++) {
            String place = "element " + (i + 1);
            String name = list.get(i).path("name").asText();
            if (!name.isEmpty() && !names.add(name)) {
                problems.add(place + ": name: is that of " + one + " before");
            }
            read(value.with(list.get(i)), place, problems).ifPresent(objects::add);
        }
        if (!problems.isEmpty()) {
            throw new InvalidValueException(problems);
        }
        return List.copyOf(objects);
    }

    private Optional<T> read(RawValue value, String place, List<String> problems) {
        if (!value.node().isObject()) {
            problems.add(place + ": expected " + shape);
            return Optional.empty();
        }
        return reader.read(value, new ObjectFields(value, place, problems));
    }
}
