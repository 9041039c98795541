package io.tallygate.store.gap;

import static io.tallygate.store.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.store.collect.CollectCounts;
import io.tallygate.store.collect.CollectLease;
import io.tallygate.store.collect.CollectPlan;
import io.tallygate.store.collect.CollectStore;
import io.tallygate.store.testing.StoreWorld;
import io.tallygate.store.usage.ReportedAt;
import io.tallygate.store.usage.ResourceInstance;
import io.tallygate.store.usage.UsageRecord;
import io.vertx.core.Future;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Holes are found, each once and with the rows beside it, and nothing else; what is filled is cleared. */
class GapFinderIT {
    private static final int HOURS = 40;
    // Hours before this one are complete, counted from the first.
    private static final int COMPLETE = HOURS - 3;
    private static final GapPlan PLAN =
            new GapPlan(Duration.ofHours(HOURS - COMPLETE), Duration.ofDays(14), Duration.ofMinutes(1));
    private static final String LONG_AGO = "update usage_window set sealed_at = reported_hour + interval '1 hour'";
    private static final Duration NEVER = Duration.ofSeconds(-1);

    private final StoreWorld world = new StoreWorld();
    private final GapStore gaps = new GapStore(world.database);
    private final GapFolder folder = new GapFolder(world.database, PLAN);
    private final GapFinder finder = new GapFinder(world.database, PLAN);
    private final List<UsageRecord> posted = new ArrayList<>();
    private int count;
    private int sealed;

    @AfterEach
    void close() {
        world.close();
    }

    private Instant hour(int place) {
        return world.hour.minus(HOURS - place, ChronoUnit.HOURS);
    }

    private UsageRecord record(String source, String resource, String tags, String quantity, int place) {
        UsageRecord any = world.record("id-" + ++count, quantity);
        return new UsageRecord(
                source,
                any.id(),
                any.meterId(),
                new ResourceInstance(world.subscription, resource, "local", tags, null),
                new BigDecimal(quantity),
                hour(place),
                hour(place).plusSeconds(60));
    }

    private void used(String source, String resource, IntStream places) {
        places.forEach(place -> posted.add(record(source, resource, null, "1", place)));
    }

    /** Each hour in the window after it, as if it were reported when it is over; and it all was some time ago. */
    private void reported() {
        accept(posted, ReportedAt.USAGE_HOUR);
        world.seal(world.hour);
        world.postgres.execute(LONG_AGO);
        look();
    }

    /** In the window that is open now. */
    private void late(List<UsageRecord> records) {
        accept(records, ReportedAt.NOW);
        world.seal(world.hour.plus(++sealed, ChronoUnit.HOURS));
        world.postgres.execute(LONG_AGO);
        look();
    }

    private void accept(List<UsageRecord> records, ReportedAt at) {
        assertThat(StoreWorld.names(await(world.records.ingest(records, at)))).containsOnly("Accepted");
    }

    private void look() {
        while (await(folder.foldNext())) {}
        assertThat(await(finder.lookIfDue(NEVER))).isTrue();
    }

    @Test
    void whatIsReportedWhileWindowsAreSealedAheadIsWaitedForAndFilesAlways() {
        world.postgres.execute("insert into collect_source (source) values ('files')");
        used("collect:files", "/in-a-file", IntStream.range(0, 20));
        used("test", "/used", IntStream.range(0, 20));
        accept(posted, ReportedAt.USAGE_HOUR);
        world.seal(world.hour);
        world.postgres.execute(LONG_AGO);
        world.postgres.execute(
                "update usage_window set sealed_at = reported_hour where reported_hour >= '" + hour(20) + "'");
        look();
        assertThat(texts()).isEmpty();

        world.postgres.execute(LONG_AGO);
        look();
        assertThat(texts()).containsExactly("silentSource test 20..");
    }

    private static IntStream always() {
        return IntStream.range(0, HOURS);
    }

    private static IntStream without(Integer... places) {
        return always().filter(place -> !Set.of(places).contains(place));
    }

    private List<GapFinding> found() {
        return await(gaps.page(null, null, null, 1000));
    }

    private List<String> texts() {
        return found().stream().map(this::text).sorted().toList();
    }

    private String text(GapFinding finding) {
        return (finding.state() == GapState.OPEN ? "" : finding.state().wireName() + " ")
                + (finding.resource() == null
                        ? finding.kind().wireName() + " " + finding.source()
                        : finding.resource().resourceUri())
                + " " + place(finding.from()) + ".." + (finding.to() == null ? "" : place(finding.to()));
    }

    private long place(Instant time) {
        return hour(0).until(time, ChronoUnit.HOURS);
    }

    private void clean() {
        used("test", "/always", always());
        used("test", "/begins", IntStream.range(30, HOURS));
        used("test", "/ends", IntStream.range(0, 30));
        used("test", "/now-and-then", always().filter(place -> place % 6 == 0));
        used("test", "/by-day", always().filter(place -> place % 24 < 12));
        used("test", "/once", IntStream.of(3, 33));
        for (int place = 0; place < HOURS; place++) {
            String resource = place < 10 ? "/Tagged" : "/tagged";
            posted.add(record("test", resource, place < 20 ? null : "{\"a\":\"b\"}", "1", place));
        }
        posted.add(record("test", "/always", null, "-1", 12));
        // Not complete yet.
        used("test", "/just-now", without(COMPLETE - 1, COMPLETE));
    }

    private Set<String> holes(Random random) {
        Set<String> expected = new TreeSet<>();
        for (int resource = 0; resource < 30; resource++) {
            Set<Integer> holes = new HashSet<>();
            for (int at = 20 + random.nextInt(8); at < COMPLETE - 5; at += 2 + random.nextInt(9)) {
                int to = at + 1 + random.nextInt(3);
                IntStream.range(at, to).forEach(holes::add);
                expected.add("/r" + resource + " " + at + ".." + to);
                at = to;
            }
            used("test", "/r" + resource, always().filter(place -> !holes.contains(place)));
        }
        return expected;
    }

    /** As three gateways at once do it, none of which waits for another. */
    private void lookFromThree() {
        List<Future<Boolean>> all = new ArrayList<>();
        for (int gateway = 0; gateway < 3; gateway++) {
            all.add(folder.foldNext());
            all.add(finder.lookIfDue(NEVER));
        }
        all.forEach(done -> await(done));
    }

    @Test
    void everyHoleIsFoundByWhoeverLooksAndNothingElse() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        clean();
        Set<String> expected = holes(random);
        accept(posted, ReportedAt.USAGE_HOUR);
        world.seal(world.hour);
        world.postgres.execute(LONG_AGO);
        IntStream.range(0, 5).forEach(time -> lookFromThree());
        look();
        assertThat(texts()).as("seed %d", seed).containsExactlyElementsOf(expected);
        lookFromThree();
        assertThat(await(finder.lookIfDue(Duration.ofHours(1)))).isFalse();
        assertThat(texts()).containsExactlyElementsOf(expected);
        assertThat(found()).allSatisfy(finding -> {
            assertThat(finding.before().usageHour()).isEqualTo(finding.from().minus(1, ChronoUnit.HOURS));
            assertThat(finding.before().reportedHour())
                    .isEqualTo(finding.before().usageHour());
            assertThat(finding.after().usageHour()).isEqualTo(finding.to());
            assertThat(finding.after().quantity()).isEqualByComparingTo("1");
            assertThat(finding.source()).isEqualTo("test");
            assertThat(finding.resource().subscription()).isEqualTo(world.subscription);
        });

        // All that is missing comes, in any order. A source that is loaded once is not silent then.
        List<UsageRecord> missing = new ArrayList<>(found().stream()
                .flatMap(finding -> IntStream.range((int) place(finding.from()), (int) place(finding.to()))
                        .mapToObj(place -> record("other", finding.resource().resourceUri(), null, "1", place)))
                .toList());
        Collections.shuffle(missing, random);
        int half = missing.size() / 2;
        late(missing.subList(0, half));
        assertThat(standingHours()).as("seed %d", seed).isEqualTo(missing.size() - half);
        missing.addAll(IntStream.range(-80, -40)
                .mapToObj(place -> record("loaded", "/history", null, "1", place))
                .toList());
        late(missing.subList(half, missing.size()));
        assertThat(found()).extracting(GapFinding::state).containsOnly(GapState.CLEARED);
    }

    private long standingHours() {
        return found().stream()
                .filter(finding -> finding.state() != GapState.CLEARED)
                .mapToLong(GapFinding::hours)
                .sum();
    }

    @Test
    void aFindingIsSmallerOrTwoOrClearedAndAcknowledgedOnce() {
        used("test", "/always", always());
        used("test", "/vm", without(25, 26, 27, 28, 29));
        reported();
        assertThat(texts()).containsExactly("/vm 25..30");
        long id = found().get(0).gapId();
        assertThat(await(gaps.open())).containsEntry(GapKind.MISSING_HOURS, 1L).containsEntry(GapKind.FALLEN_COUNT, 0L);

        assertThat(await(gaps.acknowledge(id + 1, "no such", StoreWorld.OPERATOR)))
                .isEmpty();
        for (int time = 0; time < 2; time++) {
            assertThat(await(gaps.acknowledge(id, "planned", StoreWorld.OPERATOR)))
                    .hasValueSatisfying(finding -> assertThat(finding.acknowledgement())
                            .returns("planned", GapFinding.Acknowledgement::reason)
                            .returns(StoreWorld.OPERATOR.subject(), GapFinding.Acknowledgement::by));
        }
        await(gaps.acknowledge(id, "after all", StoreWorld.OPERATOR));
        assertThat(world.postgres.query("select reason from audit_entry where action = 'gaps.acknowledge' order by 1"))
                .containsExactly("after all", "planned");
        assertThat(await(gaps.open())).containsEntry(GapKind.MISSING_HOURS, 0L);

        late(List.of(record("test", "/VM", null, "1", 27)));
        assertThat(texts()).containsExactly("acknowledged /vm 25..27", "acknowledged /vm 28..30");
        assertThat(found()).extracting(GapFinding::acknowledgement).doesNotContainNull();
        late(List.of(record("test", "/vm", "{\"a\":\"b\"}", "1", 29), record("test", "/vm", null, "1", 25)));
        assertThat(texts()).containsExactly("acknowledged /vm 26..27", "acknowledged /vm 28..29");
        late(List.of(record("test", "/vm", null, "1", 26), record("test", "/vm", null, "1", 28)));
        assertThat(texts()).containsExactly("cleared /vm 26..27", "cleared /vm 28..29");
        assertThat(await(gaps.acknowledge(id, "too late", StoreWorld.OPERATOR)).orElseThrow())
                .satisfies(finding ->
                        assertThat(finding.acknowledgement().reason()).isEqualTo("after all"));
        assertThat(await(gaps.page(GapKind.SILENT_SOURCE, null, null, 10))).isEmpty();
        assertThat(await(gaps.page(null, GapState.CLEARED, found().get(0).gapId(), 10)))
                .extracting(GapFinding::gapId)
                .containsExactly(id);

        // A finding goes with the usage of its hours.
        world.postgres.execute("update retention_state set floor = date_trunc('month', timestamptz '" + hour(0)
                + "', 'UTC'), usage_floor = '" + hour(28) + "'");
        look();
        assertThat(texts()).containsExactly("cleared /vm 28..29");
    }

    @Test
    void aSourceThatIsSilentIsOneFindingAndSoAreHoursInWhichItsCountFell() {
        used("test", "/always", always());
        used("b", "/b1", IntStream.range(0, 30));
        used("b", "/b2", IntStream.range(0, 30));
        fall();
        reported();
        assertThat(texts()).containsExactly("fallenCount test 31..33", "silentSource b 30..");
        countsRise();
        GapFinding silent =
                await(gaps.page(GapKind.SILENT_SOURCE, GapState.OPEN, null, 10)).get(0);
        assertThat(silent.after()).isNull();
        assertThat(silent.before()).satisfies(row -> {
            assertThat(row.usageHour()).isEqualTo(hour(29));
            assertThat(row.records()).isEqualTo(2);
            assertThat(row.quantity()).isNull();
        });

        // One of its resources comes back an hour later than the other: that hour is its own.
        late(List.of(
                record("b", "/b1", null, "1", 34),
                record("b", "/b1", null, "1", 35),
                record("b", "/b2", null, "1", 35)));
        assertThat(textsOf("b")).containsExactly("/b2 34..35", "silentSource b 30..34");
        // Where a lot comes late more may be on its way: its resources are looked at when nothing came for a while.
        late(IntStream.range(30, 34)
                .mapToObj(place -> record("b", "/b1", null, "1", place))
                .toList());
        assertThat(textsOf("b")).containsExactly("/b2 30..34", "/b2 34..35", "cleared silentSource b 30..34");
    }

    private void fall() {
        for (int place : List.of(30, 31, 32, 33)) {
            world.postgres.execute("insert into usage_source_hour (source, usage_hour, reported_hour, record_count)"
                    + " select 'test', at, at, 40 + week from generate_series(1, 3) week,"
                    + " lateral (select timestamptz '" + hour(place) + "' - week * interval '7 days' as at) t");
        }
        // Together with the one that is always there.
        for (int place = 0; place < HOURS; place++) {
            for (int i = place == 31 || place == 32 ? 19 : 20; i > 0; i--) {
                posted.add(record("test", "/many", null, "1", place));
            }
        }
    }

    private void countsRise() {
        assertThat(await(gaps.page(GapKind.FALLEN_COUNT, null, null, 1)).get(0)).satisfies(finding -> {
            assertThat(finding.counts()).isEqualTo(new GapFinding.Counts(82, 40));
            assertThat(finding.before().records()).isEqualTo(21);
            assertThat(finding.after().usageHour()).isEqualTo(hour(33));
        });
        late(List.of(record("test", "/always", null, "-1", 31)));
        assertThat(textsOf("test")).containsExactly("fallenCount test 32..33");
        late(List.of(record("test", "/always", null, "-1", 32)));
        assertThat(textsOf("test")).containsExactly("cleared fallenCount test 32..33");
    }

    private List<String> textsOf(String source) {
        return found().stream()
                .filter(finding -> finding.source().equals(source))
                .map(this::text)
                .sorted()
                .toList();
    }

    @Test
    void nothingIsMissingThatMayBeOnItsWay() {
        used("test", "/always", always());
        used("test", "/vm", without(25));
        used("collect:cloud", "/cloud", without(26));
        used("collect:cloud", "/always-there", always());
        CollectStore windows = new CollectStore(world.database);
        world.postgres.execute(
                "insert into registration (subscription_id, resource_group, name, location, billing_model,"
                        + " multi_tenant) values (gen_random_uuid(), 'rg', 'r', 'l', 'PayAsYouUse', true)");
        world.postgres.execute("update subscription set registration_id = (select registration_id from registration)");
        long registration = Long.parseLong(
                world.postgres.query("select registration_id from registration").get(0));
        await(windows.open("cloud", registration, hour(0), Duration.ofHours(1)));
        accept(posted, ReportedAt.USAGE_HOUR);
        world.seal(world.hour);
        // Just now: a gateway that was away, or a history that is loaded.
        look();
        world.postgres.execute(LONG_AGO);
        // Collected through 28 hours, and through 25 of them for long enough.
        CollectPlan plan =
                new CollectPlan("cloud", Duration.ofHours(1), Duration.ZERO, false, 1, Duration.ofMinutes(1));
        for (int place = 0; place < 28; place++) {
            CollectLease lease = await(windows.claim(plan)).orElseThrow();
            await(windows.collected(lease, CollectCounts.NONE, null));
        }
        look();
        assertThat(texts()).isEmpty();
        world.postgres.execute("update collect_window set collected_at = collected_at - interval '2 hours'");
        look();
        assertThat(texts()).isEmpty();
        for (int place = 28; place < 30; place++) {
            CollectLease lease = await(windows.claim(plan)).orElseThrow();
            await(windows.collected(lease, CollectCounts.NONE, null));
            world.postgres.execute("update collect_window set collected_at = collected_at - interval '2 hours'");
            look();
            assertThat(texts()).hasSize(place - 27);
        }
        assertThat(texts()).containsExactly("/cloud 26..27", "/vm 25..26");
    }
}
