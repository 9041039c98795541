package io.tallygate.gateway.ingest;

import io.vertx.core.buffer.Buffer;
import java.util.function.Consumer;

/**
 * Cuts a stream of bytes into lines at {@code \n}; a {@code \r} before it goes too. A line over the limit is not kept:
 * only that it was there is told, so that no sender can fill the memory.
 */
final class LineSplitter {
    private final int limit;
    private final Consumer<Buffer> lines;
    private Buffer rest = Buffer.buffer();
    private boolean over;

    /** Hands each line to the consumer; null for one that was over the limit, in bytes. */
    LineSplitter(int limit, Consumer<Buffer> lines) {
        this.limit = limit;
        this.lines = lines;
    }

    void add(Buffer chunk) {
        // A copy, since looking at a buffer byte by byte takes many times as long.
        byte[] bytes = chunk.getBytes();
        int start = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                keep(bytes, start, i);
                emit();
                start = i + 1;
            }
        }
        keep(bytes, start, bytes.length);
    }

    /** The stream has ended: a last line without its end counts, an empty one does not. */
    void end() {
        if (over || rest.length() > 0) {
            emit();
        }
    }

    private void keep(byte[] bytes, int start, int end) {
        if (over || rest.length() + end - start > limit) {
            over = true;
            rest = Buffer.buffer();
        } else if (end > start) {
            rest.appendBytes(bytes, start, end - start);
        }
    }

    private void emit() {
        int length = rest.length();
        boolean carriageReturn = length > 0 && rest.getByte(length - 1) == '\r';
        lines.accept(over ? null : carriageReturn ? rest.getBuffer(0, length - 1) : rest);
        rest = Buffer.buffer();
        over = false;
    }
}
