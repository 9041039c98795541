package io.tallygate.routing.outbound;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.Optional;

/**
 * Reads the JSON that others answer: one document of at most 16 levels without duplicated names, its numbers exact and of at
 * most 100 characters.
 */
public final class AnswerJson {
    private static final int MAX_DEPTH = 16;
    private static final int MAX_NUMBER = 100;
    private static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    // Names are a stranger's: they must not fill a table that all parsers share.
                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                    .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxNumberLength(MAX_NUMBER)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private AnswerJson() {}

    /** The object that the bytes hold, if they hold one and nothing else. */
    public static Optional<JsonNode> read(Buffer bytes) {
        try {
            return Optional.ofNullable(MAPPER.readTree(bytes.getBytes())).filter(JsonNode::isObject);
        } catch (IOException | NumberFormatException malformed) {
            // Jackson wraps all but this one: an exponent that no decimal holds.
            return Optional.empty();
        }
    }
}
