package io.tallygate.routing.commerce;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.routing.outbound.AnswerJson;
import io.tallygate.routing.outbound.Detail;
import io.tallygate.store.Sha256;
import io.tallygate.store.directory.SubscriptionId;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;

/**
 * Writes the files of one event. Each is written under a temporary name, forced to the disk, renamed and made read-only;
 * the manifest comes last. A crash at any point leaves files without a manifest, which the next try overwrites.
 *
 * @param submission makes temporary names unique: a gateway that lost its lease may still be writing
 */
record FileDelivery(Path directory, SubscriptionId payer, Submission.Event event, UUID submission) {
    /** What became of it. */
    record Written(Outcome outcome, Optional<String> detail) {}

    /** Whether anything can be written there. It blocks. */
    static boolean isThere(Path directory) {
        return Files.isDirectory(directory);
    }

    /** Writes what is not there yet. It blocks. */
    Written write() {
        Optional<UsageFile> usage = UsageFile.read(event.body());
        if (usage.isEmpty()) {
            return new Written(Outcome.BadArgument, Optional.of("the event's bytes are no rows"));
        }
        if (!isThere(directory)) {
            return new Written(Outcome.Refused, Optional.of("there is no directory " + directory));
        }
        Buffer csv = usage.get().csv();
        String manifest = manifest(usage.get(), csv);
        try {
            Path manifestFile = file("manifest.json");
            if (Files.exists(manifestFile)) {
                return compared(Files.readAllBytes(manifestFile), manifest);
            }
            Files.createDirectories(folder());
            removeLeftOvers();
            put(file("ndjson"), event.body());
            put(file("csv"), csv);
            force(folder());
            put(manifestFile, Buffer.buffer(manifest));
        } catch (IOException failed) {
            // Without a manifest nothing was delivered.
            return new Written(Outcome.Refused, Optional.of(Detail.of("cannot be written: " + failed)));
        }
        return forced();
    }

    private Written forced() {
        try {
            force(folder());
            force(directory);
            return new Written(Outcome.Accepted, Optional.empty());
        } catch (IOException failed) {
            // The manifest is there now, and may not be after a power failure.
            return new Written(Outcome.Error, Optional.of(Detail.of("cannot be forced to the disk: " + failed)));
        }
    }

    private static Written compared(byte[] there, String manifest) {
        Optional<JsonNode> said = AnswerJson.read(Buffer.buffer(there));
        JsonNode files = AnswerJson.read(Buffer.buffer(manifest)).orElseThrow().path("files");
        return said.filter(old -> old.path("files").equals(files)).isPresent()
                ? new Written(Outcome.Duplicate, Optional.empty())
                : new Written(Outcome.Conflict, Optional.of("there is a manifest of other files under its name"));
    }

    private String manifest(UsageFile usage, Buffer csv) {
        JsonText files =
                new JsonText().json("ndjson", entry("ndjson", event.body())).json("csv", entry("csv", csv));
        JsonText manifest = new JsonText()
                .string("format", "tallygate-usage/1")
                .string("key", event.key())
                .string("payer", payer)
                .string("day", day());
        return usage.total().appendTo(manifest).json("sums", usage.sums()).json("files", files.toString()) + "\n";
    }

    private String entry(String type, Buffer content) {
        return new JsonText()
                .string("name", name(type))
                .number("bytes", content.length())
                .string("sha256", sha256(content))
                .toString();
    }

    private Path folder() {
        return directory.resolve("payer=" + payer);
    }

    private Path file(String type) {
        return folder().resolve(name(type));
    }

    private String name(String type) {
        return day() + "-" + event.key() + "." + type;
    }

    private String day() {
        return event.effectiveTime().atOffset(ZoneOffset.UTC).toLocalDate().toString();
    }

    private void removeLeftOvers() throws IOException {
        try (DirectoryStream<Path> old =
                Files.newDirectoryStream(folder(), "." + day() + "-" + event.key() + ".*.tmp")) {
            for (Path file : old) {
                Files.deleteIfExists(file);
            }
        } catch (DirectoryIteratorException failed) {
            throw failed.getCause();
        }
    }

    private void put(Path file, Buffer content) throws IOException {
        Path temporary = file.resolveSibling("." + file.getFileName() + "." + submission + ".tmp");
        try (FileChannel channel =
                FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(content.getBytes());
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        // A file system without such permissions keeps the file writable; its manifest still says what it was.
        boolean unused = temporary.toFile().setReadOnly();
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void force(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static String sha256(Buffer content) {
        return HexFormat.of().formatHex(Sha256.begin().digest(content.getBytes()));
    }
}
