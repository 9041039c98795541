package io.tallygate.deploy.config;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;

/**
 * Reads a value of YAML or JSON with every scalar as the text that was written, so that a password of {@code 0123} stays
 * that and no number is rounded.
 */
final class ScalarText {
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final JsonParser parser;
    private boolean references;

    private ScalarText(JsonParser parser) {
        this.parser = parser;
    }

    /** The value at the parser's current token; leaves the parser at the value's last token, also when it throws. */
    static JsonNode read(JsonParser parser) throws IOException, InvalidValueException {
        ScalarText text = new ScalarText(parser);
        JsonNode value = text.value();
        if (text.references) {
            throw new InvalidValueException(
                    "YAML aliases and tags (* and !) are not supported: put the value in quotes");
        }
        return value;
    }

    /** A whole JSON document, as the environment gives lists. */
    static JsonNode readJson(String json) throws InvalidValueException {
        try (JsonParser parser = JSON.createParser(json)) {
            parser.nextToken();
            JsonNode value = read(parser);
            if (parser.nextToken() != null) {
                throw new InvalidValueException("expected one JSON value, and nothing behind it");
            }
            return value;
        } catch (IOException e) {
            // The parser's own message quotes the value, which may be a secret.
            throw new InvalidValueException("expected well-formed JSON, as the value starts like JSON");
        }
    }

    private JsonNode value() throws IOException {
        // An unquoted value that starts with * or ! would lose its first word in silence.
        references |= parser instanceof YAMLParser yaml && (yaml.isCurrentAlias() || yaml.getTypeId() != null);
        return switch (parser.currentToken()) {
            case START_OBJECT -> object();
            case START_ARRAY -> array();
            case VALUE_NULL -> NullNode.getInstance();
            default -> TextNode.valueOf(parser.getText());
        };
    }

    private JsonNode object() throws IOException {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            object.set(name, value());
        }
        return object;
    }

    private JsonNode array() throws IOException {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            array.add(value());
        }
        return array;
    }
}
