package io.tallygate.deploy.property;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.deploy.testing.HttpCaller;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One seeded run: random usage through two gateways at once, while windows are sealed and routed, tenants re-mapped and
 * subscriptions and meters made known at random moments; then everything is held against the test's own books.
 */
final class PropertyRun implements AutoCloseable {
    // An operator may seal 24 hours ahead; the last hour is left for the end.
    private static final int AHEAD = 23;
    private static final List<String> GROUPS =
            List.of("", "&groupBy=day", "&groupBy=tenant,meter", "&groupBy=day,meter");

    private final Random random;
    private final World world;
    private final Books books = new Books();
    private final Posting.Progress progress;
    private final Payers payers;
    private final Answers answers;
    private final AtomicInteger reconciled = new AtomicInteger();
    private final AtomicBoolean stop = new AtomicBoolean();

    PropertyRun(long seed, int records) {
        random = new Random(seed);
        world = new World(random);
        progress = new Posting.Progress(records, world.start);
        payers = new Payers(world);
        answers = new Answers(world, payers.all());
    }

    @Override
    public void close() {
        world.close();
    }

    /** Runs and checks everything; gives its figures in a line. */
    String run() {
        try (Threads threads = new Threads()) {
            for (int gateway = 0; gateway < 2; gateway++) {
                int through = gateway;
                Random mine = fork();
                Random others = fork();
                Posting posting = new Posting(world, books, progress);
                threads.beside(() -> posting.run(through, mine, threads));
                threads.beside(() -> posting.run(through, others, threads));
            }
            Random sealing = fork();
            Random mapping = fork();
            Random asking = fork();
            threads.beside(() -> seal(sealing));
            threads.beside(() -> remap(mapping));
            threads.beside(() -> repeat(() -> answers.ask(asking)));
            threads.beside(() -> repeat(this::reconcile));
            await().atMost(Duration.ofMinutes(5)).until(() -> progress.isOver() || threads.hasFailed());
            Instant end = settle(threads);
            stop.set(true);
            threads.join();
            return check(end);
        } finally {
            stop.set(true);
        }
    }

    private Random fork() {
        return new Random(random.nextLong());
    }

    private void repeat(Runnable work) {
        while (!stop.get()) {
            work.run();
        }
    }

    // Closing follows the sending through all of the past and then runs ahead of the clock.
    private void seal(Random dice) {
        while (!progress.isOver()) {
            double part = Math.min(1, progress.part() * (0.8 + dice.nextDouble() * 0.4));
            long hours = Math.round(part * (World.PAST_HOURS + 1 + AHEAD)) - World.PAST_HOURS - 1;
            close(world.start.plus(Math.min(AHEAD, hours), ChronoUnit.HOURS), dice.nextInt(2));
        }
    }

    private void close(Instant through, int gateway) {
        progress.closing.raise(through);
        HttpCaller.Answer answer =
                world.operator(gateway).post("/windows/seal", "application/json", "{\"through\":\"" + through + "\"}");
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        progress.closed.raise(Watermark.in(answer, "closedThrough"));
    }

    private void remap(Random dice) {
        double subscriptionAt = 0.2 + dice.nextDouble() * 0.7;
        double meterAt = 0.2 + dice.nextDouble() * 0.7;
        boolean subscribed = false;
        boolean metered = false;
        while (!progress.isOver()) {
            payers.change(dice);
            if (!subscribed && progress.part() > subscriptionAt) {
                subscribed = true;
                world.createLateSubscription();
            }
            if (!metered && progress.part() > meterAt) {
                metered = true;
                world.createLateMeter();
            }
        }
        world.createLateSubscription();
        world.createLateMeter();
    }

    private void reconcile() {
        int turn = reconciled.getAndIncrement();
        long acknowledged = progress.accepted.get();
        JsonNode found = reconciliation(turn % 2, GROUPS.get(turn % GROUPS.size()));
        assertThat(found.path("balanced").asBoolean()).as("%s", found).isTrue();
        assertThat(found.path("rows")).allMatch(row -> row.path("balanced").asBoolean());
        assertThat(found.at("/totals/accepted/count").asLong()).isBetween(acknowledged, (long) progress.sent.get());
    }

    private JsonNode reconciliation(int gateway, String groups) {
        Instant from = world.start.truncatedTo(ChronoUnit.DAYS).minus(5, ChronoUnit.DAYS);
        HttpCaller.Answer answer = world.operator(gateway)
                .get("/reconciliation?from=" + from + "&to=" + from.plus(9, ChronoUnit.DAYS) + groups);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json();
    }

    // Once the senders are done: quarantine empties, then the last windows are sealed and routed.
    private Instant settle(Threads threads) {
        await().atMost(Duration.ofMinutes(2))
                .until(() -> threads.hasFailed()
                        || reconciliation(0, "").path("quarantined").asLong() == 0);
        await().atMost(Duration.ofMinutes(2)).until(() -> threads.hasFailed() || books.size() >= progress.sent.get());
        Instant end = Instant.now().truncatedTo(ChronoUnit.HOURS).plus(AHEAD + 1, ChronoUnit.HOURS);
        close(end, 0);
        await().atMost(Duration.ofMinutes(2))
                .until(() -> threads.hasFailed()
                        || !Watermark.in(world.operator(1).get("/windows"), "routedThrough")
                                .isBefore(end));
        return end;
    }

    private String check(Instant end) {
        Map<String, Books.Stored> stored =
                books.stored(Set.of(World.LATE_METER), Set.of(world.lateSubscription.value()));
        checkWindows(stored);
        Instant start =
                world.start.minus(World.PAST_HOURS + 48, ChronoUnit.HOURS).truncatedTo(ChronoUnit.DAYS);
        Map<Instant, Map<Payload.Key, BigDecimal>> windows = new HashMap<>();
        for (Instant hour = start; hour.isBefore(end); hour = hour.plus(1, ChronoUnit.HOURS)) {
            windows.put(hour, answers.sums(null, false, hour, hour.plus(1, ChronoUnit.HOURS)));
        }
        assertSame(Books.sums(stored.values()), added(windows.values()), "sums of distinct records");
        checkBackfill(stored, windows);
        checkEachSubscription(stored, start, end);
        checkDays(windows, start, end);
        long mappings = checkPayers(windows, start, end);
        checkReconciliation(stored);
        answers.askForAll(start, end);
        answers.askAgain();
        return books.outcomes() + ", " + stored.size() + " stored, " + payers.changes() + " re-mappings, " + mappings
                + " states of them routed by, " + reconciled + " reconciliations, " + answers.size() + " queries of "
                + answers.pages() + " pages asked again";
    }

    // Which window a record joined, where the database says it: never one that was closed when it was sent.
    private void checkWindows(Map<String, Books.Stored> stored) {
        List<String> rows = world.postgres.query(
                "select record_id, extract(epoch from reported_hour)::bigint from usage_record where source = 'property'");
        assertThat(rows).as("stored exactly once").hasSameSizeAs(stored.keySet());
        for (String row : rows) {
            Books.Stored one = stored.get(row.split("\\|", -1)[0]);
            assertThat(one).as(row).isNotNull();
            Instant window = Instant.ofEpochSecond(Long.parseLong(row.split("\\|", -1)[1]));
            if (one.released()) {
                assertThat(window).as("%s", one).isAfterOrEqualTo(world.start);
            } else if (one.by().backfill()) {
                assertThat(window).as("%s", one).isEqualTo(one.by().payload().usageHour());
            } else {
                Instant latest = later(one.by().closedAfter(), Instant.now());
                assertThat(window).as("%s", one).isBetween(later(one.by().closedBefore(), world.start), latest);
            }
        }
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }

    // In the windows of the past there is backfill and nothing else.
    private void checkBackfill(Map<String, Books.Stored> stored, Map<Instant, Map<Payload.Key, BigDecimal>> windows) {
        Map<Payload.Key, BigDecimal> backfilled = Books.sums(stored.values().stream()
                .filter(one -> one.by().backfill() && !one.released())
                .filter(one -> one.by().payload().usageHour().isBefore(world.start))
                .toList());
        Map<Payload.Key, BigDecimal> shown = new HashMap<>();
        windows.forEach((window, rows) -> {
            if (window.isBefore(world.start)) {
                rows.keySet().forEach(key -> assertThat(key.usage()).isEqualTo(window));
                shown.putAll(rows);
            }
        });
        assertSame(backfilled, shown, "sums of backfill");
    }

    private void checkEachSubscription(Map<String, Books.Stored> stored, Instant start, Instant end) {
        for (UUID subscription : world.subscriptions.keySet()) {
            Map<Payload.Key, BigDecimal> own = Books.sums(stored.values().stream()
                    .filter(one -> one.by().payload().subscription().equals(subscription))
                    .toList());
            assertSame(own, answers.sums(subscription, false, start, end), "what a tenant reads");
        }
    }

    private void checkDays(Map<Instant, Map<Payload.Key, BigDecimal>> windows, Instant start, Instant end) {
        Instant lastDay = end.truncatedTo(ChronoUnit.DAYS);
        for (Instant day = start; day.isBefore(lastDay); day = day.plus(1, ChronoUnit.DAYS)) {
            Map<Payload.Key, BigDecimal> hours = new HashMap<>();
            for (int hour = 0; hour < 24; hour++) {
                windows.get(day.plus(hour, ChronoUnit.HOURS))
                        .forEach((key, quantity) -> hours.merge(key.ofDay(), quantity, BigDecimal::add));
            }
            Instant next = day.plus(1, ChronoUnit.DAYS);
            assertSame(hours, answers.sums(null, true, day, next), "the day " + day);
        }
    }

    private long checkPayers(Map<Instant, Map<Payload.Key, BigDecimal>> windows, Instant start, Instant end) {
        Payers.Routed routed = payers.new Routed();
        Map<UUID, Map<Payload.Key, BigDecimal>> expected = new HashMap<>();
        windows.forEach((window, rows) -> rows.forEach((key, quantity) -> {
            UUID payer = routed.payer(window, key);
            if (payer != null) {
                expected.computeIfAbsent(payer, none -> new HashMap<>()).merge(key, quantity, BigDecimal::add);
            }
        }));
        for (UUID payer : payers.all()) {
            HttpCaller.Answer any = world.operator(0)
                    .get("/subscriptions/" + payer + "/providers/Microsoft.Commerce/UsageAggregates"
                            + "?api-version=2015-06-01-preview&reportedStartTime=" + start + "&reportedEndTime="
                            + start.plus(1, ChronoUnit.DAYS));
            if (any.status() == 403) { // Never mapped: it does not exist.
                assertThat(expected).doesNotContainKey(payer);
            } else {
                assertSame(
                        expected.getOrDefault(payer, Map.of()),
                        answers.sums(payer, false, start, end),
                        "what the payer " + payer + " pays for");
            }
        }
        return routed.statesSeen();
    }

    private void checkReconciliation(Map<String, Books.Stored> stored) {
        JsonNode last = reconciliation(1, "");
        assertThat(last.path("balanced").asBoolean()).isTrue();
        assertThat(last.at("/totals/accepted/count").asLong()).isEqualTo(stored.size());
        assertThat(last.at("/totals/open/count").asLong()).isZero();
        assertThat(last.at("/totals/unrouted/count").asLong()).isZero();
        assertThat(last.path("quarantined").asLong()).isZero();
        assertThat(last.path("conflicts").asLong()).isEqualTo(books.conflicts());
    }

    private static Map<Payload.Key, BigDecimal> added(Collection<Map<Payload.Key, BigDecimal>> all) {
        Map<Payload.Key, BigDecimal> sums = new HashMap<>();
        all.forEach(some -> some.forEach((key, quantity) -> sums.merge(key, quantity, BigDecimal::add)));
        return sums;
    }

    private static void assertSame(
            Map<Payload.Key, BigDecimal> expected, Map<Payload.Key, BigDecimal> shown, String what) {
        assertThat(shown.keySet()).as(what).isEqualTo(expected.keySet());
        expected.forEach((key, quantity) ->
                assertThat(shown.get(key)).as("%s: %s", what, key).isEqualByComparingTo(quantity));
    }
}
