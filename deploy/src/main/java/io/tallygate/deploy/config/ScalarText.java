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

    private ScalarText() {}

    /** The value at the parser's current token; leaves the parser at the value's last token. */
    static JsonNode read(JsonParser parser) throws IOException, InvalidValueException {
        rejectReferences(parser);
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_NULL -> NullNode.getInstance();
            default -> TextNode.valueOf(parser.getText());
        };
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

    /** In YAML, an unquoted value that starts with * or & silently loses its first word. */
    private static void rejectReferences(JsonParser parser) throws IOException, InvalidValueException {
        if (parser instanceof YAMLParser yaml && (yaml.isCurrentAlias() || yaml.getObjectId() != null)) {
            throw new InvalidValueException(
                    "YAML anchors and aliases (& and *) are not supported: put the value in quotes");
        }
    }

    private static JsonNode object(JsonParser parser) throws IOException, InvalidValueException {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            object.set(name, read(parser));
        }
        return object;
    }

    private static JsonNode array(JsonParser parser) throws IOException, InvalidValueException {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            array.add(read(parser));
        }
        return array;
    }
}
