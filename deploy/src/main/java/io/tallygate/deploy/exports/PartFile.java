package io.tallygate.deploy.exports;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.tallygate.deploy.client.ExactJson;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * {@code FILE.part}, to which rows are written until all are there, and {@code FILE.part.json}, which says of which
 * export it is and how far that has come. Both survive the process; what was written after the last position is cut
 * off when it is opened again.
 */
final class PartFile implements ExportOutput {
    private final Path part;
    private final Path stateFile;
    private final FileChannel channel;
    private final ExportState start;
    private final DigestingOutput bytes;
    private boolean keep;

    private PartFile(Path part, Path stateFile, FileChannel channel, ExportState start, RunningSha256 digest) {
        this.part = part;
        this.stateFile = stateFile;
        this.channel = channel;
        this.start = start;
        this.keep = start.rows() > 0 || start.complete();
        this.bytes = new DigestingOutput(
                new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16), digest, start.bytes());
    }

    /**
     * Opens that of a file, or creates it.
     *
     * @param request the export
     * @param restart whether to forget what is there
     * @throws IllegalArgumentException if it is of another export, or another process writes it
     */
    static PartFile open(Path file, String request, boolean restart) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (!Files.isDirectory(directory)) {
            throw new IllegalArgumentException("there is no directory " + directory);
        }
        Path part = file.resolveSibling(file.getFileName() + ".part");
        Path stateFile = file.resolveSibling(file.getFileName() + ".part.json");
        FileChannel channel =
                FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            requireLock(channel, part);
            ExportState state = restart ? ExportState.none(request) : state(channel, part, stateFile, request);
            RunningSha256 digest = digest(channel, state.bytes());
            if (digest == null || !digest.hex().equals(state.sha256())) {
                // As after a power failure: the state was on disk before the rows were.
                state = ExportState.none(request);
                digest = new RunningSha256();
            }
            channel.truncate(state.bytes());
            channel.position(state.bytes());
            PartFile opened = new PartFile(part, stateFile, channel, state, digest);
            opened.write(state);
            return opened;
        } catch (IOException | IllegalArgumentException failed) {
            channel.close();
            throw failed;
        }
    }

    @Override
    public ExportState start() {
        return start;
    }

    @Override
    public void write(byte[] source, int from, int length) throws IOException {
        bytes.write(source, from, length);
    }

    @Override
    public ExportState note(ExportState state) throws IOException {
        bytes.flush();
        if (state.complete()) {
            channel.force(true);
        }
        ExportState written = state.at(bytes);
        write(written);
        keep = true;
        return written;
    }

    /** The rows, which are complete. */
    Path path() {
        return part;
    }

    /** Moves the complete rows to where they belong, and forgets the state. */
    void moveTo(Path file) throws IOException {
        channel.close();
        replace(part, file);
        Files.deleteIfExists(stateFile);
    }

    /** Forgets everything. */
    void delete() throws IOException {
        keep = false;
        close();
    }

    /** Closes it; without a position or an end there is nothing to go on with, and nothing stays. */
    @Override
    public void close() throws IOException {
        channel.close();
        if (!keep) {
            Files.deleteIfExists(stateFile);
            Files.deleteIfExists(part);
        }
    }

    /** Moves a file that is on disk over another, so that there is always one or the other. */
    static void replace(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Path directory = to.toAbsolutePath().getParent();
        try (FileChannel names = FileChannel.open(directory, StandardOpenOption.READ)) {
            names.force(true);
        } catch (IOException unsupported) {
            // Not every system opens a directory; the rows themselves are on disk.
        }
    }

    private static void requireLock(FileChannel channel, Path part) throws IOException {
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException ours) {
            lock = null;
        }
        if (lock == null) {
            throw new IllegalArgumentException("another export is writing " + part);
        }
    }

    private static ExportState state(FileChannel channel, Path part, Path stateFile, String request)
            throws IOException {
        if (channel.size() == 0) {
            return ExportState.none(request);
        }
        if (!Files.exists(stateFile)) {
            throw new IllegalArgumentException(
                    part + " is there already, without " + stateFile.getFileName() + ": --restart writes over it");
        }
        ExportState state = parsed(stateFile);
        if (!request.equals(state.request())) {
            throw new IllegalArgumentException(part
                    + " is of another export: --restart writes over it%n  it is of %s%n  now it is %s"
                            .formatted(state.request(), request));
        }
        return state;
    }

    private static ExportState parsed(Path stateFile) throws IOException {
        try {
            return ExactJson.MAPPER.readValue(stateFile.toFile(), ExportState.class);
        } catch (JsonProcessingException unreadable) {
            throw new IllegalArgumentException(stateFile + " is damaged: --restart begins anew", unreadable);
        }
    }

    /** Of the first bytes, or null if there are not so many. */
    private static RunningSha256 digest(FileChannel channel, long length) throws IOException {
        RunningSha256 digest = new RunningSha256();
        ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
        for (long at = 0; at < length; ) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), length - at));
            int read = channel.read(buffer, at);
            if (read < 0) {
                return null;
            }
            digest.update(buffer.array(), 0, read);
            at += read;
        }
        return digest;
    }

    private void write(ExportState state) throws IOException {
        Path next = stateFile.resolveSibling(stateFile.getFileName() + ".tmp");
        ExactJson.MAPPER.writeValue(next.toFile(), state);
        Files.move(next, stateFile, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
