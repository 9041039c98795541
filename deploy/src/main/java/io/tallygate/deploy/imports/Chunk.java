package io.tallygate.deploy.imports;

import io.vertx.core.buffer.Buffer;
import java.util.Arrays;

/** Usage records that go in one request: an NDJSON body, and where each of its lines came from. */
final class Chunk {
    /** So many records that a resume repeats little, and so few that the answer is soon there. */
    static final int MOST_RECORDS = 5_000;

    private static final int MOST_BYTES = 8 << 20;

    private final Buffer body = Buffer.buffer(1 << 16);
    private long[] inputLines = new long[64];
    private int size;

    /** Adds a record. */
    void add(ImportItem.Event event) {
        if (size == inputLines.length) {
            inputLines = Arrays.copyOf(inputLines, 2 * size);
        }
        inputLines[size++] = event.line();
        body.appendBuffer(event.json()).appendByte((byte) '\n');
    }

    /** How many records there are. */
    int size() {
        return size;
    }

    /** Whether it is time to send it. */
    boolean full() {
        return size >= MOST_RECORDS || body.length() >= MOST_BYTES;
    }

    /** The request's body. */
    Buffer body() {
        return body;
    }

    /** The line of the input file that a line of the body (the first is 1) came from; 0 if there is no such line. */
    long inputLine(int bodyLine) {
        return bodyLine >= 1 && bodyLine <= size ? inputLines[bodyLine - 1] : 0;
    }
}
