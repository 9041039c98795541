package io.tallygate.deploy.files;

import io.tallygate.gateway.collect.DirectoryConfig;
import io.tallygate.gateway.collect.WindowRecords;
import io.tallygate.gateway.http.Excerpt;
import io.tallygate.gateway.ingest.UsageRecordParser;
import io.tallygate.store.collect.CollectFileStore;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Says what would be taken of a directory: its files are read to their end, and nothing is kept of them. Blocks. */
public final class DirectoryTrial {
    private static final int CHUNK = 5_000;

    private final DirectoryConfig config;
    private final FileDirectory directory;
    private final CollectFileStore files;
    private final UsageRecordParser parser;
    private final PrintWriter out;

    /** Of this directory. */
    public DirectoryTrial(DirectoryConfig config, CollectFileStore files, UsageRecordParser parser, PrintWriter out) {
        this.config = config;
        this.directory = new FileDirectory(config);
        this.files = files;
        this.parser = parser;
        this.out = out;
    }

    /**
     * Looks, and tells of each file.
     *
     * @return whether all that has arrived would be taken, and nothing of it be refused
     * @throws IOException if the directory cannot be read
     */
    public boolean run() throws IOException {
        FileDirectory.Listing listing = directory.list();
        List<FoundFile> found = listing.files();
        Set<String> taken = files.takenOf(
                        config.name(), found.stream().map(FoundFile::told).toList())
                .await();
        boolean good = true;
        for (FoundFile file : found) {
            if (taken.contains(file.name())) {
                tell(file, "is taken");
            } else if (!file.arrived()) {
                tell(file, "is not all there yet");
            } else {
                good &= look(file);
            }
            out.flush();
        }
        listing.others().forEach(name -> out.println("  " + Excerpt.of(name) + " is no file of usage"));
        if (found.isEmpty()) {
            out.println("  nothing");
        }
        return good;
    }

    private boolean look(FoundFile file) {
        try {
            return read(file);
        } catch (UnusableFileException unusable) {
            tell(file, "would not be taken: " + unusable.getMessage());
        } catch (IOException unreadable) {
            tell(
                    file,
                    "cannot be read: " + unreadable.getClass().getSimpleName() + ": "
                            + Excerpt.oneLine(String.valueOf(unreadable.getMessage())));
        }
        return false;
    }

    private boolean read(FoundFile file) throws IOException {
        Checksums checksums = Checksums.of(file);
        WindowRecords records = WindowRecords.ofFile(config.name(), file.name(), parser, Twins.of(file));
        try (FileChannel channel = FileChannel.open(file.path(), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            FileReading reading = FileReading.of(channel, file, records, !checksums.isEmpty());
            long made = 0;
            long refused = 0;
            boolean last = false;
            while (!last) {
                FileReading.Chunk chunk = reading.next(CHUNK);
                long good = chunk.records().stream()
                        .filter(parsed -> parsed.record() != null)
                        .count();
                made += good;
                refused += chunk.records().size() - good;
                last = chunk.last();
            }
            Buffer sha256 = reading.sha256();
            checksums.require(HexFormat.of().formatHex(sha256.getBytes()));
            Optional<String> before = files.collectedAs(config.name(), sha256).await();
            tell(
                    file,
                    before.map(name -> "holds what was taken already, as " + name)
                            .orElse(String.format(
                                    Locale.ROOT,
                                    "would be taken: %d rows, %d of them no usage, %d records, %d too old",
                                    reading.rows(),
                                    reading.skipped(),
                                    made,
                                    refused)));
            return before.isPresent() || refused == 0;
        }
    }

    private void tell(FoundFile file, String what) {
        out.println("  " + Excerpt.oneLine(file.name()) + " " + what);
    }
}
