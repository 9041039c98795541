package io.tallygate.deploy.files;

import io.tallygate.gateway.collect.RecordIntake;
import io.tallygate.gateway.collect.WindowLostException;
import io.tallygate.gateway.collect.WindowRecords;
import io.tallygate.gateway.ingest.UsageRecordParser;
import io.tallygate.store.collect.CollectCounts;
import io.tallygate.store.collect.CollectFileStore;
import io.tallygate.store.collect.FileContent;
import io.tallygate.store.collect.FileLease;
import io.tallygate.store.usage.UsageRecordStore;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Takes one file that is ours: reads it to its end without storing anything, compares checksums, and reads it again to store
 * its records, of the same open file both times. What is in memory is a chunk.
 */
final class FileTake {
    private static final int LOOKED_AT = 5_000;
    private static final int STORED = 1_000;

    private final Vertx vertx;
    private final CollectFileStore files;
    private final UsageRecordParser parser;
    private final FileLease lease;
    private final FoundFile file;
    private final Supplier<Future<Void>> renewal;
    private final RecordIntake intake;
    private final Twins twins;
    private FileChannel channel;
    private Checksums checksums;

    /**
     * How it ended.
     *
     * @param sameAs the name of the file that the same was taken from before; null if there is none
     * @param problem why the first record was refused; null if none was
     */
    record Result(String sameAs, CollectCounts counts, long skipped, String problem) {}

    /**
     * Of this file.
     *
     * @param renewal asked after each chunk; a {@link WindowLostException} ends it
     */
    FileTake(
            Vertx vertx,
            CollectFileStore files,
            UsageRecordStore store,
            UsageRecordParser parser,
            FileLease lease,
            FoundFile file,
            Supplier<Future<Void>> renewal) {
        this.vertx = vertx;
        this.files = files;
        this.parser = parser;
        this.lease = lease;
        this.file = file;
        this.renewal = renewal;
        this.twins = Twins.of(file);
        this.intake = new RecordIntake(vertx, store, renewal);
    }

    /**
     * Takes it and marks it. Fails with an {@link UnusableFileException}, with an {@link IOException}, with a
     * {@link WindowLostException} if it was lost or is to be left for now, or with what the store says.
     */
    Future<Result> run() {
        return vertx.executeBlocking(this::open, false)
                .compose(opened -> look())
                .compose(this::take)
                .eventually(this::close);
    }

    private Void open() throws IOException {
        checksums = Checksums.of(file);
        channel = FileChannel.open(file.path(), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
        return null;
    }

    private Future<Void> close() {
        return channel == null
                ? Future.succeededFuture()
                : vertx.executeBlocking(
                        () -> {
                            channel.close();
                            return null;
                        },
                        false);
    }

    // Under any name: what is learned does not depend on it.
    private Future<Buffer> look() {
        return read(lease.name(), LOOKED_AT, chunk -> renewal.get()).map(reading -> {
            checksums.require(HexFormat.of().formatHex(reading.sha256().getBytes()));
            twins.count();
            return reading.sha256();
        });
    }

    private Future<Result> take(Buffer sha256) {
        return files.begin(lease, sha256, file.attributes().size()).compose(content -> {
            FileContent known = content.orElseThrow(WindowLostException::new);
            return known.collected() ? skip(sha256, known) : store(sha256, known);
        });
    }

    private Future<Result> skip(Buffer sha256, FileContent known) {
        return files.known(lease, sha256)
                .map(FileTake::requireOurs)
                .map(ours -> new Result(known.name(), CollectCounts.NONE, 0, null));
    }

    private Future<Result> store(Buffer sha256, FileContent known) {
        return read(known.name(), STORED, chunk -> intake.store(chunk.rows(), chunk.records()))
                .compose(reading -> {
                    if (!reading.sha256().equals(sha256)) {
                        throw new UnusableFileException("it was written to while it was read: expected that a file"
                                + " stays as it is once it is all there");
                    }
                    return files.taken(lease, sha256, reading.skipped(), intake.counts(), intake.problem())
                            .map(FileTake::requireOurs)
                            .map(ours -> new Result(null, intake.counts(), reading.skipped(), intake.problem()));
                });
    }

    private static Void requireOurs(boolean ours) {
        if (!ours) {
            throw new WindowLostException();
        }
        return null;
    }

    // A loop and not a chain, so that a file of millions of rows is not thousands of futures.
    private Future<FileReading> read(String name, int chunk, Function<FileReading.Chunk, Future<Void>> use) {
        WindowRecords records = WindowRecords.ofFile(lease.source(), name, parser, twins);
        Promise<FileReading> done = Promise.promise();
        vertx.executeBlocking(() -> FileReading.of(channel, file, records, !checksums.isEmpty()), false)
                .onFailure(done::fail)
                .onSuccess(reading -> next(reading, chunk, use, done));
        return done.future();
    }

    private void next(
            FileReading reading, int size, Function<FileReading.Chunk, Future<Void>> use, Promise<FileReading> done) {
        vertx.executeBlocking(() -> reading.next(size), false)
                .compose(chunk -> use.apply(chunk).map(chunk))
                .onFailure(done::fail)
                .onSuccess(chunk -> {
                    if (chunk.last()) {
                        done.complete(reading);
                    } else {
                        next(reading, size, use, done);
                    }
                });
    }
}
