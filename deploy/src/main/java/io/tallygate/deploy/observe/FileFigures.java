package io.tallygate.deploy.observe;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tallygate.store.collect.FileBacklog;
import io.tallygate.store.collect.FileProgressStore;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** What the database knows of the files that usage is collected from; NaN while it cannot be asked. */
public final class FileFigures {
    private final FileProgressStore store;
    private final MeterRegistry registry;
    // How long a file may wait.
    private final Map<String, Duration> limits = new ConcurrentSkipListMap<>();
    private volatile Map<String, FileBacklog> read = Map.of();
    private volatile Map<String, FileBacklog> known;

    /** Nothing is known yet. */
    FileFigures(FileProgressStore store, MeterRegistry registry) {
        this.store = store;
        this.registry = registry;
    }

    /**
     * A source of files that this gateway collects, before looking begins.
     *
     * @param limit how long one of its files may wait
     */
    public void source(String source, Duration limit) {
        limits.put(source, limit);
        files(source, "incomplete", FileBacklog::incomplete);
        files(source, "waiting", FileBacklog::waiting);
        files(source, "failed", FileBacklog::failed);
        Gauge.builder(
                        "tallygate.collect.files.oldest",
                        () -> value(source, files -> files.age().toSeconds()))
                .description("How long the file of the source waits that waits longest; 0 if none does")
                .baseUnit("seconds")
                .tag("source", source)
                .register(registry);
    }

    /** What is late, or wrong. */
    List<String> late() {
        List<String> problems = new ArrayList<>();
        Map<String, FileBacklog> last = known;
        if (last == null) {
            return problems;
        }
        limits.forEach((source, limit) -> {
            FileBacklog files = last.get(source);
            if (files == null || !files.registered()) {
                problems.add("The source " + source + " is not collected: its registration is not there");
            } else if (files.failed() > 0) {
                problems.add("The source " + source + " has " + files.failed() + " files that cannot be taken");
            } else if (files.age().compareTo(limit) > 0) {
                problems.add("A file of the source " + source + " waits for " + files.age() + "; more than " + limit
                        + " is late");
            }
        });
        return problems;
    }

    /** Reads it, if there is anything to know. */
    Future<Void> look() {
        return limits.isEmpty()
                ? Future.succeededFuture()
                : store.backlog()
                        .onSuccess(
                                all -> read = all.stream().collect(Collectors.toMap(FileBacklog::source, each -> each)))
                        .mapEmpty();
    }

    /** What was read is to be told; or nothing, if it could not be in time. */
    void looked(boolean successfully) {
        known = successfully ? read : null;
    }

    private void files(String source, String state, ToDoubleFunction<FileBacklog> figure) {
        Gauge.builder("tallygate.collect.files", () -> value(source, figure))
                .description(
                        "Files of the source from which usage is not taken yet: not all there, waiting, or refused")
                .tag("source", source)
                .tag("state", state)
                .register(registry);
    }

    private double value(String source, ToDoubleFunction<FileBacklog> figure) {
        Map<String, FileBacklog> last = known;
        if (last == null) {
            return Double.NaN;
        }
        FileBacklog files = last.get(source);
        return files == null ? 0 : figure.applyAsDouble(files);
    }
}
