package io.tallygate.bench.peer;

import java.util.List;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.SequenceWriter;
import tools.jackson.databind.json.JsonMapper;

/** Rows as lines, many to a buffer: Spring's own encoder makes a buffer of each row, and flushes each by itself. */
@Component
class NdjsonWriter {
    private static final int ROWS = 100;
    private static final int BYTES_OF_ROW = 1024;

    private final ObjectWriter lines;

    NdjsonWriter(JsonMapper json) {
        this.lines = json.writerFor(UsageAggregate.class).withRootValueSeparator("\n");
    }

    /** The rows, as the response's buffers. */
    Flux<DataBuffer> write(Flux<UsageAggregate> rows, DataBufferFactory buffers) {
        return rows.buffer(ROWS).map(batch -> write(batch, buffers));
    }

    private DataBuffer write(List<UsageAggregate> batch, DataBufferFactory buffers) {
        DataBuffer buffer = buffers.allocateBuffer(batch.size() * BYTES_OF_ROW);
        try (SequenceWriter writer = lines.writeValues(buffer.asOutputStream())) {
            writer.writeAll(batch);
        }
        return buffer.write((byte) '\n');
    }
}
