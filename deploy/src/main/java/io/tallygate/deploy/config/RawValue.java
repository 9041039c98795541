package io.tallygate.deploy.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A value as it was written, before its type is known.
 *
 * @param node text, list or object; every scalar is text
 * @param directory what relative paths are relative to
 * @param files where files named by the value are read from
 */
record RawValue(JsonNode node, Path directory, TextFiles files) {

    private interface Reading {
        String read(TextFiles files, Path path) throws IOException;
    }

    /** The one text that a scalar setting needs. */
    String text() throws InvalidValueException {
        return textOf(node);
    }

    /** The values of a list: a YAML or JSON list, or one text with commas or line ends between. */
    List<String> texts() throws InvalidValueException {
        JsonNode list = structure();
        List<String> texts = new ArrayList<>();
        if (list.isTextual()) {
            for (String part : list.textValue().split(",|\\R", -1)) {
                texts.add(part.strip());
            }
            return texts.equals(List.of("")) ? List.of() : texts;
        }
        if (!list.isArray()) {
            throw new InvalidValueException("expected a list");
        }
        for (JsonNode element : list) {
            texts.add(textOf(element));
        }
        return texts;
    }

    /** The value with text that starts like JSON read as JSON: how the environment gives what is not a scalar. */
    JsonNode structure() throws InvalidValueException {
        if (node.isTextual()
                && (node.textValue().startsWith("[") || node.textValue().startsWith("{"))) {
            return ScalarText.readJson(node.textValue());
        }
        return node;
    }

    /** A path as an absolute one. */
    Path path(String text) throws InvalidValueException {
        if (text.isBlank() || text.indexOf('\0') >= 0) {
            throw new InvalidValueException("expected the path of a file");
        }
        return directory.resolve(text).toAbsolutePath().normalize();
    }

    /** The text of the file at a path. */
    String content(Path path) throws InvalidValueException {
        return content(path, TextFiles::read);
    }

    private String content(Path path, Reading reading) throws InvalidValueException {
        try {
            return reading.read(files, path);
        } catch (IOException e) {
            // The path itself is not repeated: it may be a secret in the wrong place.
            throw new InvalidValueException("the file it names cannot be read ("
                    + e.getClass().getSimpleName() + "; relative paths start at " + directory.toAbsolutePath() + ")");
        }
    }

    /** The same of a file that holds a secret. */
    String secret(Path path) throws InvalidValueException {
        return content(path, TextFiles::readSecret);
    }

    /** The same place with another value. */
    RawValue with(JsonNode other) {
        return new RawValue(other, directory, files);
    }

    /** The same place with a text. */
    RawValue with(String text) {
        return with(TextNode.valueOf(text));
    }

    private static String textOf(JsonNode value) throws InvalidValueException {
        if (!value.isTextual()) {
            throw new InvalidValueException("expected one value, not a list or a section");
        }
        return value.textValue();
    }
}
