package io.tallygate.deploy.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;

/**
 * A file of JSON lines that is only added to (mode 0600). A line is with the operating system before {@link #append}
 * returns: it outlives the process, however that ends. A last line that was cut short never happened.
 */
final class Journal implements AutoCloseable {
    private final FileChannel channel;

    private Journal(FileChannel channel) {
        this.channel = channel;
    }

    /** Opens the file, or creates it, and reads what is there. */
    static Journal open(Path file, Consumer<JsonNode> reader) throws IOException {
        if (!Files.exists(file)) {
            PrivateFile.write(file, "");
        }
        String text = Files.readString(file, StandardCharsets.UTF_8);
        String whole = text.substring(0, text.lastIndexOf('\n') + 1);
        int number = 0;
        for (String line : whole.lines().toList()) {
            number++;
            read(line, file + ":" + number, reader);
        }
        FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        channel.truncate(whole.getBytes(StandardCharsets.UTF_8).length);
        channel.position(channel.size());
        return new Journal(channel);
    }

    /** Adds a line. */
    void append(JsonNode line) {
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(CommerceJson.write(line) + "\n");
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The journal cannot be written", e);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private static void read(String line, String place, Consumer<JsonNode> reader) throws IOException {
        try {
            reader.accept(CommerceJson.read(line));
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new IOException(place + " is not a line of this journal", e);
        }
    }
}
