package io.tallygate.gateway.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import io.tallygate.store.usage.CanonicalJson;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.json.jackson.DatabindCodec;
import java.io.IOException;
import java.math.BigDecimal;

/** JSON that a sender once gave, as part of an answer: Vert.x's own reader would round decimals and refuse long numbers. */
public final class WireJson {
    // Not the strict reader: a number's plain digits may be more than a sender may write.
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private static final ObjectMapper ANSWERS = DatabindCodec.mapper()
            .copy()
            .registerModule(new SimpleModule().addSerializer(BigDecimal.class, new JsonSerializer<>() {
                @Override
                public void serialize(BigDecimal value, JsonGenerator json, SerializerProvider provider)
                        throws IOException {
                    json.writeNumber(CanonicalJson.number(value));
                }
            }));

    private WireJson() {}

    /** The bytes of an object, decimals in plain notation: Vert.x's own encoder would write 1E-7. */
    static Buffer encode(JsonObject object) {
        try {
            return Buffer.buffer(ANSWERS.writeValueAsBytes(object));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("An answer that is no JSON", impossible);
        }
    }

    /**
     * The value that the text says, every number exact; null for null.
     *
     * @param stored JSON that was read strictly before it was stored
     */
    public static Object of(String stored) {
        return stored == null ? null : value(CanonicalJson.parse(stored));
    }

    /** The JSON value that a text says, every number exact; the text itself if it is not one JSON object or array. */
    public static Object orText(String text) {
        try {
            JsonNode node = JSON.readerFor(JsonNode.class)
                    .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .readValue(text);
            return node.isContainerNode() ? value(node) : text;
        } catch (JsonProcessingException other) {
            return text;
        }
    }

    private static Object value(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT -> {
                JsonObject object = new JsonObject();
                node.properties().forEach(field -> object.put(field.getKey(), value(field.getValue())));
                yield object;
            }
            case ARRAY -> {
                JsonArray array = new JsonArray();
                node.forEach(item -> array.add(value(item)));
                yield array;
            }
            case NUMBER -> node.decimalValue();
            case BOOLEAN -> node.booleanValue();
            case NULL -> null;
            default -> node.textValue();
        };
    }
}
