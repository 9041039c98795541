package io.tallygate.gateway.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads JSON from strangers: UTF-8 only and no byte order mark, no duplicated names, nothing after the document, numbers
 * exact and at most 40 characters, at most 16 levels deep. How large documents and names may be is for its user to say.
 */
public final class StrictJson {
    private static final int MAX_DEPTH = 16;
    private static final int MAX_NUMBER = 40;
    private static final int MAX_STRING = 1 << 20;
    private static final long UNBOUNDED = -1;
    private static final char REPLACEMENT = '\ufffd';

    /** For bodies of requests: whoever receives them bounds their size; a string or a name has at most 2^20 characters. */
    public static final StrictJson BODY = new StrictJson(UNBOUNDED, MAX_STRING, MAX_STRING);

    private final ObjectMapper mapper;

    private StrictJson(long maxDocument, int maxString, int maxName) {
        mapper = JsonMapper.builder(JsonFactory.builder()
                        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                        // Names are a stranger's: they must not fill a table that all parsers share.
                        .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                        .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                        .streamReadConstraints(StreamReadConstraints.builder()
                                .maxNestingDepth(MAX_DEPTH)
                                .maxNumberLength(MAX_NUMBER)
                                .maxStringLength(maxString)
                                .maxNameLength(maxName)
                                .maxDocumentLength(maxDocument)
                                .build())
                        .build())
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                .build();
    }

    /** For documents of at most so many characters, whose names have at most {@code maxName}. */
    public static StrictJson within(int maxDocument, int maxName) {
        return new StrictJson(maxDocument, maxDocument, maxName);
    }

    /** What is wrong with a document, in words for its sender: they may quote a word of it and are not for a log. */
    public static final class MalformedJsonException extends Exception {
        MalformedJsonException(String message) {
            super(message, null, false, false);
        }
    }

    /** Reads a document. */
    public JsonNode read(Buffer bytes) throws MalformedJsonException {
        return read(utf8(bytes.getBytes()));
    }

    // Many times faster than a decoder that reports; it puts the replacement character where a text is broken.
    private static String utf8(byte[] bytes) throws MalformedJsonException {
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (text.indexOf(REPLACEMENT) < 0) {
            return text;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException broken) {
            throw new MalformedJsonException("The text is not UTF-8");
        }
    }

    /** Reads a document. */
    public JsonNode read(String text) throws MalformedJsonException {
        try {
            JsonNode document = mapper.readTree(text);
            if (document == null || document.isMissingNode()) {
                throw new MalformedJsonException("There is no JSON document");
            }
            return document;
        } catch (JsonProcessingException broken) {
            String where = broken.getLocation() == null
                    ? ""
                    : " (line " + broken.getLocation().getLineNr() + ", column "
                            + broken.getLocation().getColumnNr() + ")";
            throw new MalformedJsonException("Not valid JSON: " + firstSentence(broken.getOriginalMessage()) + where);
        } catch (NumberFormatException tooLarge) {
            // Jackson wraps all but this one: an exponent that no decimal holds.
            throw new MalformedJsonException("Not valid JSON: a number's exponent is too large");
        }
    }

    private static String firstSentence(String message) {
        int end = message.indexOf('\n');
        return end < 0 ? message : message.substring(0, end);
    }
}
