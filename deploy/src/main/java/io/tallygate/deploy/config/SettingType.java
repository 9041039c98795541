package io.tallygate.deploy.config;

/**
 * What a setting's value must be.
 *
 * @param name as the settings table shows it
 * @param reader reads the value
 */
record SettingType<T>(String name, Reader<T> reader) {

    /** Reads a value, or says what was expected instead. */
    @FunctionalInterface
    interface Reader<T> {
        T read(RawValue value) throws InvalidValueException;
    }

    /** Reads one text, or says what was expected instead. */
    @FunctionalInterface
    interface TextReader<T> {
        T read(String text) throws InvalidValueException;
    }

    /** A type whose values are written as one text. */
    static <T> SettingType<T> scalar(String name, TextReader<T> reader) {
        return new SettingType<>(name, value -> reader.read(value.text()));
    }
}
