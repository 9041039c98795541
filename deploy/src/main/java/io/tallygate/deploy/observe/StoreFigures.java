package io.tallygate.deploy.observe;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tallygate.routing.desk.BacklogStore;
import io.tallygate.store.collect.CompletenessStore;
import io.tallygate.store.collect.SourceCompleteness;
import io.tallygate.store.gap.GapKind;
import io.tallygate.store.gap.GapStore;
import io.tallygate.store.usage.HeldRecordStore;
import io.tallygate.store.usage.RecordError;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * What the database knows of how far the work is, read every quarter of a minute, whoever scrapes how often: it is the same
 * in every gateway. While the database cannot be asked nothing is known, and the metrics are NaN.
 */
public final class StoreFigures extends VerticleBase {
    private static final long EVERY_MILLIS = 15_000;
    // A look that hangs must not let the one before stand.
    private static final int PATIENCE_SECONDS = 10;
    private static final int MOST_HELD = 10_000;
    private static final Duration HOUR = Duration.ofHours(1);
    /** Longer than that behind is a warning: a big window takes seconds, a day some minutes. */
    private static final Duration LATE_SEALING = Duration.ofMinutes(15);

    private final BacklogStore backlog;
    private final HeldRecordStore held;
    private final CompletenessStore completeness;
    private final FileFigures files;
    private final GapStore gaps;
    private final Duration lag;
    private final MeterRegistry registry;
    // How old what an endpoint has not got may be.
    private final Map<String, Duration> limits = new ConcurrentSkipListMap<>();
    // How far behind what a source is collected through may be.
    private final Map<String, Duration> sources = new ConcurrentSkipListMap<>();
    private volatile Known known;
    private Future<?> running = Future.succeededFuture();
    private long timer = -1;
    private boolean stopped;

    private record Known(
            BacklogStore.Windows windows,
            Map<String, Duration> undelivered,
            Map<RecordError, Long> held,
            Map<String, SourceCompleteness> collected,
            Map<GapKind, Long> gaps) {}

    /**
     * Makes the metrics; nothing is known yet.
     *
     * @param files are looked at along with the rest
     * @param lag how long after its end a window is to be sealed
     */
    StoreFigures(
            BacklogStore backlog,
            HeldRecordStore held,
            CompletenessStore completeness,
            FileFigures files,
            GapStore gaps,
            Duration lag,
            MeterRegistry registry) {
        this.backlog = backlog;
        this.held = held;
        this.completeness = completeness;
        this.files = files;
        this.gaps = gaps;
        this.lag = lag;
        this.registry = registry;
        gauge(
                "tallygate.sealing.overdue",
                "How long ago the oldest window that is not sealed should have been; 0 if none should",
                this::sealingOverdue);
        gauge(
                "tallygate.sealed.through",
                "Up to when all windows are sealed, in seconds since 1970",
                found -> seconds(found.windows().sealedThrough()));
        gauge(
                "tallygate.routing.overdue",
                "How long ago the oldest sealed window that is not routed should have been; 0 if all are",
                this::routingOverdue);
        for (RecordError reason :
                List.of(RecordError.SubscriptionUnknown, RecordError.MeterUnknown, RecordError.PayloadDiffers)) {
            Gauge.builder(
                            "tallygate.held.records",
                            () -> value(found -> found.held().getOrDefault(reason, 0L)))
                    .description(
                            "Records in quarantine, and conflicts (PayloadDiffers); counted to " + MOST_HELD + " each")
                    .tag("reason", reason.name())
                    .register(registry);
        }
        for (GapKind kind : GapKind.values()) {
            Gauge.builder(
                            "tallygate.gaps.open",
                            () -> value(found -> found.gaps().get(kind)))
                    .description("Findings of missing usage that are neither acknowledged nor cleared")
                    .tag("kind", kind.wireName())
                    .register(registry);
        }
    }

    /**
     * An endpoint that this gateway delivers to, before this is started.
     *
     * @param limit how old what it has not got may be
     */
    public void endpoint(String endpoint, Duration limit) {
        limits.put(endpoint, limit);
        Gauge.builder(
                        "tallygate.delivery.oldest",
                        () -> value(found -> seconds(found.undelivered().getOrDefault(endpoint, Duration.ZERO))))
                .description(
                        "How long ago the oldest usage was reported that the endpoint has not got; 0 if it has all")
                .baseUnit("seconds")
                .tag("endpoint", endpoint)
                .register(registry);
        Gauge.builder("tallygate.delivery.oldest.limit", () -> seconds(limit))
                .description("The age of it from which on the readiness warns")
                .baseUnit("seconds")
                .tag("endpoint", endpoint)
                .register(registry);
    }

    /**
     * A source that this gateway collects, before this is started.
     *
     * @param limit how far behind what it is collected through may be
     */
    public void source(String source, Duration limit) {
        sources.put(source, limit);
        Gauge.builder("tallygate.collect.lag", () -> value(found -> behind(found, source)))
                .description(
                        "How far behind now the time is through which the source is complete; +Inf while its registration is not there")
                .baseUnit("seconds")
                .tag("source", source)
                .register(registry);
        Gauge.builder("tallygate.collect.lag.limit", () -> seconds(limit))
                .description("The lag from which on the readiness warns")
                .baseUnit("seconds")
                .tag("source", source)
                .register(registry);
        Gauge.builder("tallygate.collect.windows.waiting", () -> value(found -> waiting(found, source)))
                .description("Windows of the source that are final there and not collected")
                .tag("source", source)
                .register(registry);
    }

    @Override
    public Future<?> start() {
        look();
        return Future.succeededFuture();
    }

    @Override
    public Future<?> stop() {
        stopped = true;
        vertx.cancelTimer(timer);
        return running.otherwiseEmpty();
    }

    /** What is late of sealing and routing. */
    List<String> lateWindows() {
        List<String> problems = new ArrayList<>();
        late("sealed", value(this::sealingOverdue), problems);
        late("routed", value(this::routingOverdue), problems);
        return problems;
    }

    /** What is late of delivery. */
    List<String> lateDeliveries() {
        List<String> problems = new ArrayList<>();
        limits.forEach((endpoint, limit) -> {
            double age = value(found -> seconds(found.undelivered().getOrDefault(endpoint, Duration.ZERO)));
            if (age > seconds(limit)) {
                problems.add("The endpoint " + endpoint + " has not got usage that was reported " + text(age)
                        + " ago; more than " + limit + " is late");
            }
        });
        return problems;
    }

    /** What is late of collecting. */
    List<String> lateSources() {
        List<String> problems = new ArrayList<>();
        sources.forEach((source, limit) -> {
            double behind = value(found -> behind(found, source));
            if (Double.isInfinite(behind)) {
                problems.add("The source " + source + " is not collected: its registration is not there");
            } else if (behind > seconds(limit)) {
                problems.add("The source " + source + " is complete through " + text(behind) + " ago only; more than "
                        + limit + " is late");
            }
        });
        return problems;
    }

    private static double behind(Known found, String source) {
        SourceCompleteness known = found.collected().get(source);
        return known == null || known.registrationId() == null
                ? Double.POSITIVE_INFINITY
                : Math.max(0, seconds(Duration.between(known.completeThrough(), known.now())));
    }

    private static double waiting(Known found, String source) {
        SourceCompleteness known = found.collected().get(source);
        return known == null ? 0 : known.waiting();
    }

    private static void late(String what, double overdue, List<String> problems) {
        if (overdue > seconds(LATE_SEALING)) {
            problems.add("A window should have been " + what + " " + text(overdue) + " ago");
        }
    }

    private void look() {
        Future<BacklogStore.Windows> windows = backlog.windows();
        Future<Map<String, Duration>> undelivered = windows.compose(done -> backlog.undelivered(limits.keySet()));
        Future<Map<RecordError, Long>> counts = undelivered.compose(done -> held.count(MOST_HELD));
        Future<Map<String, SourceCompleteness>> collected = counts.compose(done -> collected());
        Future<Map<GapKind, Long>> open = collected.compose(done -> gaps.open());
        running = open.compose(done -> files.look());
        running.timeout(PATIENCE_SECONDS, TimeUnit.SECONDS).onComplete(done -> {
            // The store's own check tells why.
            known = done.failed()
                    ? null
                    : new Known(
                            windows.result(), undelivered.result(), counts.result(), collected.result(), open.result());
            files.looked(done.succeeded());
            if (!stopped) {
                timer = vertx.setTimer(EVERY_MILLIS, due -> look());
            }
        });
    }

    private Future<Map<String, SourceCompleteness>> collected() {
        return sources.isEmpty()
                ? Future.succeededFuture(Map.of())
                : completeness
                        .sources()
                        .map(all -> all.stream().collect(Collectors.toMap(SourceCompleteness::source, each -> each)));
    }

    private double sealingOverdue(Known found) {
        return overdue(found.windows().now(), found.windows().sealedThrough());
    }

    private double routingOverdue(Known found) {
        Instant sealed = found.windows().sealedThrough();
        Instant routed = found.windows().routedThrough();
        boolean all = routed == null || sealed == null || !routed.isBefore(sealed);
        return all ? 0 : overdue(found.windows().now(), routed);
    }

    // Of the window that begins then.
    private double overdue(Instant now, Instant begin) {
        if (begin == null) {
            return 0;
        }
        return Math.max(0, seconds(Duration.between(begin.plus(HOUR).plus(lag), now)));
    }

    private void gauge(String name, String description, ToDoubleFunction<Known> figure) {
        Gauge.builder(name, () -> value(figure))
                .description(description)
                .baseUnit("seconds")
                .register(registry);
    }

    private double value(ToDoubleFunction<Known> figure) {
        Known last = known;
        return last == null ? Double.NaN : figure.applyAsDouble(last);
    }

    private static double seconds(Instant time) {
        return time == null ? Double.NaN : time.getEpochSecond();
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1e3;
    }

    private static String text(double seconds) {
        return Duration.ofSeconds((long) seconds).toString();
    }
}
