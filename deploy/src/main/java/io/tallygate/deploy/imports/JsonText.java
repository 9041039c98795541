package io.tallygate.deploy.imports;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tallygate.deploy.client.ExactJson;
import io.tallygate.gateway.collect.UnreadableUsageException;
import io.tallygate.gateway.http.Excerpt;

/** JSON in fields of usage. */
final class JsonText {
    /** For what is only passed on: whether a name may stand there twice is the gateway's to judge. */
    static final JsonFactory PASSED_ON = JsonFactory.builder().build();

    private JsonText() {}

    /**
     * Reads a text that holds one JSON object.
     *
     * @param field the text's name, for the error
     */
    static ObjectNode object(String field, String text) throws UnreadableUsageException {
        try {
            if (ExactJson.MAPPER.readTree(text) instanceof ObjectNode object) {
                return object;
            }
        } catch (JsonProcessingException malformed) {
            throw UnreadableUsageException.property(
                    field, "expected a JSON object: " + Excerpt.oneLine(malformed.getOriginalMessage()));
        }
        throw UnreadableUsageException.property(field, "expected a JSON object, found " + Excerpt.of(text));
    }

    /**
     * Reads tags, whose values are text: another scalar becomes its JSON text, null the empty text.
     *
     * @param text a JSON object, or null for no tags
     * @return the tags, or null if there are none
     */
    static ObjectNode tags(String field, String text) throws UnreadableUsageException {
        if (text == null) {
            return null;
        }
        ObjectNode tags = JsonNodeFactory.instance.objectNode();
        object(field, text).properties().forEach(tag -> tags.put(tag.getKey(), tagValue(tag.getValue())));
        return tags.isEmpty() ? null : tags;
    }

    private static String tagValue(JsonNode value) {
        if (value.isTextual()) {
            return value.textValue();
        }
        return value.isNull() ? "" : value.toString();
    }
}
