package io.tallygate.deploy.imports;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tallygate.deploy.client.ExactJson;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** All refusals as NDJSON: {@code {"file","line","source","id","outcome","code","field","message"}}. */
final class ErrorsFile implements Closeable {
    private final FileChannel channel;

    private ErrorsFile(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Opens it, cut to what an interrupted run had written by its last checkpoint.
     *
     * @param path where, or null for nowhere
     * @param keep so many bytes are kept
     */
    static ErrorsFile open(Path path, long keep) throws IOException {
        if (path == null) {
            return new ErrorsFile(null);
        }
        FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        channel.truncate(keep);
        channel.position(channel.size());
        return new ErrorsFile(channel);
    }

    /** Adds a refusal. */
    void add(String file, Refusal refusal) throws IOException {
        if (channel == null) {
            return;
        }
        ObjectNode line = ExactJson.MAPPER.createObjectNode().put("file", file);
        line.setAll((ObjectNode) ExactJson.MAPPER.valueToTree(refusal));
        ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Its length in bytes. */
    long length() throws IOException {
        return channel == null ? 0 : channel.position();
    }

    @Override
    public void close() {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
