package io.tallygate.deploy.imports;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.tallygate.deploy.client.ExactJson;
import io.tallygate.store.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HexFormat;
import java.util.List;

/** Where a {@link Checkpoint} is kept between runs; it may be lost: a record that is posted again is a Duplicate. */
final class CheckpointFile {
    private final Path path;

    private CheckpointFile(Path path) {
        this.path = path;
    }

    /**
     * The checkpoint of one kind of import.
     *
     * @param directory where checkpoints are kept; created when the first is written
     * @param key everything that makes two imports the same: the file's hash, the gateway, the options
     */
    static CheckpointFile of(Path directory, List<String> key) {
        byte[] hash = Sha256.begin()
                .digest(ExactJson.MAPPER.valueToTree(key).toString().getBytes(StandardCharsets.UTF_8));
        return new CheckpointFile(directory.resolve(HexFormat.of().formatHex(hash) + ".json"));
    }

    /** The last checkpoint, or {@link Checkpoint#NONE}. */
    Checkpoint read() throws IOException {
        if (!Files.exists(path)) {
            return Checkpoint.NONE;
        }
        try {
            return ExactJson.MAPPER.readValue(path.toFile(), Checkpoint.class);
        } catch (JsonProcessingException unreadable) {
            throw new IOException(path + " is damaged: import with --restart, or delete it", unreadable);
        }
    }

    /** Keeps a checkpoint instead of the one before. */
    void write(Checkpoint checkpoint) throws IOException {
        Files.createDirectories(path.getParent());
        Path next = Files.createTempFile(path.getParent(), "import", ".tmp");
        ExactJson.MAPPER.writeValue(next.toFile(), checkpoint);
        Files.move(next, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Forgets it. */
    void delete() throws IOException {
        Files.deleteIfExists(path);
    }
}
