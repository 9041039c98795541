package io.tallygate.deploy.files;

import io.tallygate.gateway.collect.CollectObserver;
import io.tallygate.gateway.collect.DirectoryConfig;
import io.tallygate.gateway.collect.SourceException.Kind;
import io.tallygate.gateway.collect.WindowLostException;
import io.tallygate.gateway.ingest.UsageRecordParser;
import io.tallygate.routing.outbound.Detail;
import io.tallygate.store.collect.CollectFileStore;
import io.tallygate.store.collect.FileLease;
import io.tallygate.store.usage.UsageRecordStore;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what has arrived in one directory, a file at a time. Any number of gateways that have it in common do so at once: who
 * is at which file is in the database.
 */
public final class DirectoryCollector {
    private static final Logger LOG = LoggerFactory.getLogger(DirectoryCollector.class);
    private static final Duration LEASE = Duration.ofMinutes(2);
    // Of a backlog of many files not all names go with each claim.
    private static final int ASKED_AT_ONCE = 500;
    private static final Duration FIRST_RETRY = Duration.ofMinutes(1);
    private static final Duration LONGEST_RETRY = Duration.ofHours(1);
    // Somebody else saw it otherwise, or is at the same content; or the database is away.
    private static final Duration SOON = Duration.ofSeconds(10);

    private final Vertx vertx;
    private final DirectoryConfig config;
    private final FileDirectory directory;
    private final CollectFileStore files;
    private final UsageRecordStore records;
    private final UsageRecordParser parser;
    private final CollectObserver observer;
    // Of those that stay: the store need not be told again each time.
    private final Map<String, String> taken = new HashMap<>();
    private volatile boolean stopped;
    private String lastTrouble = "";

    /** Of a source that is open in the store. */
    public DirectoryCollector(
            Vertx vertx,
            DirectoryConfig config,
            CollectFileStore files,
            UsageRecordStore records,
            UsageRecordParser parser,
            CollectObserver observer) {
        this.vertx = vertx;
        this.config = config;
        this.directory = new FileDirectory(config);
        this.files = files;
        this.records = records;
        this.parser = parser;
        this.observer = observer;
    }

    /** Takes what is there, until nothing more is or this is stopped. Fails only if the database does. */
    public Future<Void> runDue() {
        Promise<Void> done = Promise.promise();
        look(done);
        return done.future();
    }

    /** Lets go after the chunk that is under way: {@link #runDue} then ends. */
    public void stop() {
        stopped = true;
    }

    // What was taken is moved with the next look.
    private void look(Promise<Void> done) {
        vertx.executeBlocking(directory::list, false)
                .compose(this::found, failure -> troubled("cannot be read", failure))
                .onFailure(done::fail)
                .onSuccess(some -> {
                    if (some && config.takenInto().isPresent() && !stopped) {
                        look(done);
                    } else {
                        done.complete();
                    }
                });
    }

    private Future<Boolean> found(FileDirectory.Listing listing) {
        List<FoundFile> all = listing.files();
        taken.keySet().retainAll(all.stream().map(FoundFile::name).toList());
        List<FoundFile> others = all.stream()
                .filter(file -> !file.seen().equals(taken.get(file.name())))
                .toList();
        return files.seen(config.name(), others.stream().map(FoundFile::told).toList())
                .compose(known -> putAway(others, known).map(known))
                .compose(known -> takeAll(others.stream()
                        .filter(file -> file.arrived() && !known.contains(file.name()))
                        .map(FoundFile::name)
                        .toList()));
    }

    private Future<Boolean> putAway(List<FoundFile> all, Set<String> known) {
        List<FoundFile> away =
                all.stream().filter(file -> known.contains(file.name())).toList();
        if (config.takenInto().isEmpty()) {
            away.forEach(file -> taken.put(file.name(), file.seen()));
            return Future.succeededFuture(false);
        }
        return vertx.<Boolean>executeBlocking(
                        () -> {
                            for (FoundFile file : away) {
                                directory.moveAway(file);
                            }
                            return false;
                        },
                        false)
                .recover(failure -> troubled("what is taken cannot be moved", failure));
    }

    private Future<Boolean> troubled(String what, Throwable failure) {
        if (!(failure instanceof IOException)) {
            return Future.failedFuture(failure);
        }
        String problem =
                Detail.of("Away: " + what + ": " + failure.getClass().getSimpleName() + ": " + failure.getMessage());
        if (!problem.equals(lastTrouble)) {
            LOG.warn("{}: {}", config.name(), problem);
        }
        lastTrouble = problem;
        observer.failed(config.name(), Kind.Away);
        return files.sourceFailed(config.name(), problem).map(false);
    }

    private Future<Boolean> takeAll(List<String> names) {
        Promise<Boolean> done = Promise.promise();
        if (names.isEmpty()) {
            done.complete(false);
        } else {
            takeNext(names, 0, false, done);
        }
        return done.future();
    }

    // One file after the other; a loop and not a chain, so that a month of files is no month of futures.
    private void takeNext(List<String> names, int from, boolean some, Promise<Boolean> done) {
        List<String> asked = names.subList(from, Math.min(names.size(), from + ASKED_AT_ONCE));
        Future<Optional<FileLease>> claimed =
                stopped ? Future.succeededFuture(Optional.empty()) : files.claim(config.name(), asked, LEASE);
        claimed.compose(lease -> lease.isEmpty()
                        ? Future.succeededFuture(false)
                        : take(lease.get()).map(true))
                .onFailure(done::fail)
                .onSuccess(more -> {
                    if (more) {
                        takeNext(names, from, true, done);
                    } else if (from + ASKED_AT_ONCE < names.size() && !stopped) {
                        takeNext(names, from + ASKED_AT_ONCE, some, done);
                    } else {
                        done.complete(some);
                    }
                });
    }

    private Future<Void> take(FileLease lease) {
        return vertx.executeBlocking(() -> directory.find(lease.name()), false)
                .compose(found -> {
                    Optional<FoundFile> same =
                            found.filter(file -> file.arrived() && file.seen().equals(lease.seen()));
                    return same.isEmpty()
                            ? files.giveBack(lease, SOON).mapEmpty()
                            : new FileTake(vertx, files, records, parser, lease, same.get(), () -> keep(lease))
                                    .run()
                                    .compose(result -> told(lease, result));
                })
                .recover(failure -> broken(lease, failure));
    }

    private Future<Void> keep(FileLease lease) {
        Future<Boolean> kept = stopped ? Future.succeededFuture(false) : files.renew(lease, LEASE);
        return kept.compose(mine -> mine ? Future.succeededFuture() : Future.failedFuture(new WindowLostException()));
    }

    private Future<Void> told(FileLease lease, FileTake.Result result) {
        if (result.sameAs() != null) {
            LOG.info("{}: {} was taken before, as {}", config.name(), lease.name(), result.sameAs());
            return Future.succeededFuture();
        }
        observer.collected(config.name(), result.counts());
        LOG.info(
                "{}: took {}, with {}; {} rows are no usage",
                config.name(),
                lease.name(),
                result.counts().text(),
                result.skipped());
        if (result.problem() != null) {
            LOG.warn(
                    "{}: {}: {} records were rejected, the first with {}",
                    config.name(),
                    lease.name(),
                    result.counts().rejected(),
                    result.problem());
        }
        return Future.succeededFuture();
    }

    private Future<Void> broken(FileLease lease, Throwable failure) {
        if (failure instanceof WindowLostException) {
            return files.giveBack(lease, SOON).mapEmpty();
        }
        if (failure instanceof UnusableFileException || failure instanceof IOException) {
            observer.failed(config.name(), failure instanceof IOException ? Kind.Away : Kind.Malformed);
            String problem = failure instanceof IOException
                    ? Detail.of(
                            "it cannot be read: " + failure.getClass().getSimpleName() + ": " + failure.getMessage())
                    : failure.getMessage();
            LOG.warn("{}: nothing is taken of {}: {}", config.name(), lease.name(), problem);
            return files.failed(lease, problem, later(lease.attempts())).mapEmpty();
        }
        // Ours: nothing is wrong with the file.
        LOG.warn("Could not store {} of {}: will try again", lease.name(), config.name(), failure);
        return files.giveBack(lease, SOON).mapEmpty();
    }

    private static Duration later(int attempts) {
        Duration doubled = FIRST_RETRY.multipliedBy(1L << Math.min(attempts - 1, 10));
        return doubled.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : doubled;
    }
}
