package io.tallygate.deploy.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** The types of settings that are lists; all problems of a list are reported together. */
final class ListTypes {
    private ListTypes() {}

    /** A list of any length, each element read from its text, none twice. */
    static <T> SettingType<List<T>> of(String name, SettingType.TextReader<T> element) {
        return new SettingType<>(name, value -> read(value.texts(), element));
    }

    /** As {@link #of}, with one element at least. */
    static <T> SettingType<List<T>> nonEmpty(String name, SettingType.TextReader<T> element) {
        return new SettingType<>(name, value -> {
            List<T> list = read(value.texts(), element);
            if (list.isEmpty()) {
                throw new InvalidValueException("is empty: expected a list of one or more");
            }
            return list;
        });
    }

    private static <T> List<T> read(List<String> texts, SettingType.TextReader<T> element)
            throws InvalidValueException {
        List<T> list = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            try {
                list.add(element.read(texts.get(i)));
            } catch (InvalidValueException e) {
                problems.add("element " + (i + 1) + ": " + e.getMessage());
            }
        }
        if (problems.isEmpty() && new HashSet<>(list).size() < list.size()) {
            problems.add("an element is there twice");
        }
        if (!problems.isEmpty()) {
            throw new InvalidValueException(problems);
        }
        return List.copyOf(list);
    }
}
