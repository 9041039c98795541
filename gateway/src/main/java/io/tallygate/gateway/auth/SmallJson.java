package io.tallygate.gateway.auth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tallygate.gateway.http.StrictJson;
import io.tallygate.gateway.http.StrictJson.MalformedJsonException;
import io.vertx.core.buffer.Buffer;

/** Reads the one object that a part of a token or an issuer's document holds: strictly, and at most 64 KiB. */
public final class SmallJson {
    static final int MAX_BYTES = 64 * 1024;

    private static final int MAX_NAME = 256;
    private static final StrictJson JSON = StrictJson.within(MAX_BYTES, MAX_NAME);

    private SmallJson() {}

    /**
     * The one object that the bytes hold.
     *
     * @throws IllegalArgumentException if they hold anything else; the message quotes nothing of them
     */
    public static ObjectNode object(byte[] bytes) {
        if (bytes.length > MAX_BYTES) {
            throw new IllegalArgumentException("is larger than " + MAX_BYTES + " bytes");
        }
        try {
            JsonNode node = JSON.read(Buffer.buffer(bytes));
            if (node instanceof ObjectNode object) {
                return object;
            }
        } catch (MalformedJsonException malformed) {
            throw new IllegalArgumentException("is not strict JSON in UTF-8", malformed);
        }
        throw new IllegalArgumentException("is not a JSON object");
    }
}
