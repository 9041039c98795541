package io.tallygate.deploy.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the fields of one object in a list; what is wrong with it goes to the problems, with its place. */
final class ObjectFields {
    private final RawValue value;
    private final String place;
    private final List<String> problems;

    /**
     * The fields of this object.
     *
     * @param place of the object, for messages
     */
    ObjectFields(RawValue value, String place, List<String> problems) {
        this.value = value;
        this.place = place;
        this.problems = problems;
    }

    /** The names that are there, those with null included. */
    List<String> names() {
        List<String> names = new ArrayList<>();
        value.node().fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** Whether a field is there and is not null. */
    boolean has(String name) {
        return value.node().hasNonNull(name);
    }

    /** The field's value; empty if it is not there, or wrong and reported. */
    <T> Optional<T> find(String name, SettingType.TextReader<T> reader) {
        JsonNode node = value.node().path(name);
        if (node.isMissingNode() || node.isNull()) {
            return Optional.empty();
        }
        try {
            return Optional.of(reader.read(value.with(node).text()));
        } catch (InvalidValueException e) {
            problem(name + ": " + e.getMessage());
            return Optional.empty();
        }
    }

    /** The values of a field that is a list; none if it is not there, or wrong and reported. */
    <T> List<T> all(String name, SettingType.TextReader<T> reader) {
        List<T> values = new ArrayList<>();
        if (has(name)) {
            try {
                for (String text : value.with(value.node().path(name)).texts()) {
                    values.add(reader.read(text));
                }
            } catch (InvalidValueException e) {
                problem(name + ": " + e.getMessage());
            }
        }
        return values;
    }

    /** The same with a type of settings. */
    <T> Optional<T> find(String name, SettingType<T> type) {
        return find(name, text -> type.reader().read(value.with(text)));
    }

    /** As {@link #find}, of a secret: it may be in a file of its own instead, which {@link #fileField} names. */
    <T> Optional<T> findSecret(String name, SettingType.TextReader<T> reader) {
        if (!has(fileField(name))) {
            return find(name, reader);
        }
        if (has(name)) {
            problem(name + " is given twice: expected the value or the file that holds it, not both");
            return Optional.empty();
        }
        return find(fileField(name), path -> reader.read(content(path)));
    }

    /** The members of a field that is an object, by their names; those that are wrong are reported. */
    <T> Map<String, T> findAll(String name, SettingType.TextReader<T> reader) {
        if (!has(name)) {
            return Map.of();
        }
        JsonNode node = value.node().path(name);
        if (!node.isObject()) {
            problem(name + ": expected names with a value each");
            return Map.of();
        }
        ObjectFields members = new ObjectFields(value.with(node), place + ": " + name, problems);
        Map<String, T> all = new HashMap<>();
        members.names().forEach(member -> members.find(member, reader).ifPresent(read -> all.put(member, read)));
        return Map.copyOf(all);
    }

    /** Whether a secret is there, or names its file. */
    boolean hasSecret(String name) {
        return has(name) || has(fileField(name));
    }

    /** The field that names the file of a secret. */
    static String fileField(String name) {
        return name + "File";
    }

    private String content(String path) throws InvalidValueException {
        return value.secret(value.path(path)).replaceFirst("\\R+\\z", "");
    }

    /** As {@link #find}; a field that is not there is reported. */
    <T> Optional<T> require(String name, SettingType.TextReader<T> reader) {
        if (!has(name)) {
            problem(name + " is required");
        }
        return find(name, reader);
    }

    /** The same with a type of settings. */
    <T> Optional<T> require(String name, SettingType<T> type) {
        return require(name, text -> type.reader().read(value.with(text)));
    }

    /** Reports each field that is none of these. */
    void allowOnly(Collection<String> known) {
        names().stream()
                .filter(name -> !known.contains(name))
                .forEach(name -> problem(name + " is no field of it" + NearestName.hint(name, known)));
    }

    /** Reports something. */
    void problem(String message) {
        problems.add(place + ": " + message);
    }

    /** How many problems have been reported, of this object and others. */
    int problems() {
        return problems.size();
    }
}
