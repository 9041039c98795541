package io.tallygate.gateway.ingest;

import io.tallygate.gateway.http.ApiError;
import io.tallygate.gateway.http.ApiException;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts the bytes of a JSON array into those of its elements without reading them, so that one that cannot be read does
 * not take the others with it.
 */
final class ArrayElements {
    // Tiny events would make an answer that is many times larger than the batch.
    private static final int MAX = 10_000;

    private final Buffer bytes;
    private final List<Buffer> elements = new ArrayList<>();
    private int at;

    private ArrayElements(Buffer bytes) {
        this.bytes = bytes;
    }

    /**
     * The elements, each of them any bytes.
     *
     * @throws ApiException {@code InvalidProperty} if it cannot be told where they begin and end
     */
    static List<Buffer> of(Buffer array) {
        return new ArrayElements(array).cut();
    }

    private List<Buffer> cut() {
        skipSpace();
        if (at == bytes.length() || bytes.getByte(at) != '[') {
            throw refused("it is not an array");
        }
        at++;
        skipSpace();
        boolean empty = at < bytes.length() && bytes.getByte(at) == ']';
        while (!empty && cutElement() == ',') {
            at++;
        }
        at++;
        skipSpace();
        if (at < bytes.length()) {
            throw refused("something follows the array");
        }
        return elements;
    }

    private byte cutElement() {
        int start = at;
        int depth = 0;
        for (; at < bytes.length(); at++) {
            byte next = bytes.getByte(at);
            if (next == '"') {
                skipString();
            } else if (depth == 0 && (next == ',' || next == ']')) {
                if (elements.size() == MAX) {
                    throw ApiError.RequestEntityTooLarge.because("A batch may have " + MAX
                            + " events: send more as a stream (application/x-ndjson), which has no limit");
                }
                elements.add(bytes.getBuffer(start, at));
                return next;
            } else if (next == '{' || next == '[') {
                depth++;
            } else if (next == '}' || next == ']') {
                depth--;
            }
        }
        throw refused("its end is missing");
    }

    private void skipString() {
        for (at++; at < bytes.length() && bytes.getByte(at) != '"'; at++) {
            if (bytes.getByte(at) == '\\') {
                at++;
            }
        }
    }

    private void skipSpace() {
        while (at < bytes.length() && " \t\r\n".indexOf(bytes.getByte(at)) >= 0) {
            at++;
        }
    }

    private static ApiException refused(String why) {
        return ApiError.InvalidProperty.because("The body must be a JSON array of events: " + why);
    }
}
