package io.tallygate.store.summary;

import static io.tallygate.store.summary.SummaryWorld.END;
import static io.tallygate.store.summary.SummaryWorld.SEALED;
import static io.tallygate.store.summary.SummaryWorld.START;
import static io.tallygate.store.summary.SummaryWorld.id;
import static io.tallygate.store.summary.SummaryWorld.lines;
import static io.tallygate.store.summary.SummaryWorld.query;
import static io.tallygate.store.summary.SummaryWorld.subscription;
import static io.tallygate.store.summary.SummaryWorld.tenant;
import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.store.Viewer;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Summaries against sums of the records, which are made here and know nothing of any other sum. */
class SummaryIT {
    private static final Map<Grouping, String> GROUPINGS = Map.of(
            Grouping.by(Grouping.Kind.NONE), "''",
            Grouping.by(Grouping.Kind.METER), "''",
            Grouping.by(Grouping.Kind.SUBSCRIPTION), "r.subscription_id::text",
            Grouping.by(Grouping.Kind.TENANT), "s.tenant_id::text",
            Grouping.by(Grouping.Kind.RESOURCE),
                    "case when i.resource_uri like '/SUB%' then '/subscriptions/' || s.subscription_id"
                            + " || '/resourceGroups/rg-1/providers/X/vm/vm-1' else i.resource_uri end",
            Grouping.by(Grouping.Kind.RESOURCE_GROUP),
                    "case when i.resource_uri like '/no-group%' then '' else '/subscriptions/' || s.subscription_id"
                            + " || '/resourceGroups/' || lower(split_part(i.resource_uri, '/', 5)) end",
            Grouping.by(Grouping.Kind.LOCATION), "i.location",
            Grouping.byTag("department"), "coalesce(i.tags::jsonb ->> 'department', '')",
            Grouping.byTag("Department"), "coalesce(i.tags::jsonb ->> 'Department', '')",
            Grouping.byTag("it's \"none\""), "''");
    private static final Map<SummaryGranularity, String> TIMES = Map.of(
            SummaryGranularity.HOURLY, "r.usage_hour",
            SummaryGranularity.DAILY, "date_trunc('day', r.usage_hour, 'UTC')",
            SummaryGranularity.MONTHLY, "date_trunc('month', r.usage_hour, 'UTC')",
            SummaryGranularity.TOTAL, "'%s'::timestamptz");

    // One that each way of reading is used for: the walls stand in front of the tables, not of the groups.
    private static final List<Grouping> WALLED = List.of(
            Grouping.by(Grouping.Kind.TENANT), Grouping.by(Grouping.Kind.RESOURCE), Grouping.byTag("department"));
    private static final List<SummaryGranularity> WAYS = List.of(SummaryGranularity.HOURLY, SummaryGranularity.MONTHLY);

    private static SummaryWorld world;

    @BeforeAll
    static void fill() {
        world = SummaryWorld.sealed();
    }

    @AfterAll
    static void close() {
        world.close();
    }

    private static SummaryQuery with(
            SummaryQuery query, SummaryGranularity granularity, Grouping grouping, Instant from, Instant to) {
        return new SummaryQuery(
                query.viewer(),
                query.scope(),
                from,
                to,
                granularity,
                grouping,
                query.filter(),
                query.top(),
                query.open());
    }

    private static SummaryQuery of(Viewer viewer, SummaryScope scope, SummaryFilter filter, int top, boolean open) {
        SummaryQuery query = query();
        return new SummaryQuery(
                viewer, scope, query.from(), query.to(), query.granularity(), query.groupBy(), filter, top, open);
    }

    /** The same lines from the records alone; {@code only} is a condition on them. */
    private static List<String> expected(SummaryQuery query, String only) {
        String key = GROUPINGS.get(query.groupBy());
        String time = TIMES.get(query.granularity()).formatted(query.from());
        String used = """
                from usage_record r join instance i using (subscription_id, instance_id)
                join subscription s using (subscription_id) join meter m using (meter_key)
                where r.usage_hour >= '%s' and r.usage_hour < '%s' and (%s) and (%s)
                """.formatted(query.from(), query.to(), only, query.open() ? "true" : sealed());
        List<String> lines = world.world.postgres.query(
                "select %s, m.meter_id, 'total', trim_scale(coalesce(sum(r.quantity) filter (where %s), 0)),"
                                .formatted(key, sealed())
                        + " count(*) filter (where " + sealed() + ") " + used + " group by 1, 2");
        List<String> all = new ArrayList<>(lines);
        all.addAll(world.world.postgres.query("select " + key + ", m.meter_id, date_part('epoch', " + time
                + ")::bigint, trim_scale(coalesce(sum(r.quantity) filter (where " + sealed() + "), 0)),"
                + " trim_scale(sum(r.quantity) filter (where not " + sealed() + ")) " + used + " group by 1, 2, 3"));
        return all;
    }

    private static String sealed() {
        return "(r.reported_hour < '" + SEALED + "')";
    }

    private static void same(SummaryQuery query, String only) {
        List<String> expected = expected(query, only);
        assertThat(expected).as("%s", query).isNotEmpty();
        Summary summary = world.read(query);
        assertThat(lines(summary)).as("%s", query).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(summary.sealedThrough()).isEqualTo(SEALED);
        assertThat(summary.firstHour()).isEqualTo(START.plusSeconds(3600));
        assertThat(summary.complete()).isTrue();
    }

    @Test
    void everyGroupingAndGranularityIsTheSumOfTheRecords() {
        for (boolean open : List.of(false, true)) {
            SummaryQuery all = of(Viewer.operator(), SummaryScope.everyone(), SummaryFilter.NONE, 100, open);
            for (Grouping grouping : GROUPINGS.keySet()) {
                for (SummaryGranularity granularity : SummaryGranularity.values()) {
                    same(with(all, granularity, grouping, START, END), "true");
                }
            }
        }
    }

    @Test
    void aRangeCountsWhatWasUsedInItWheneverItWasReported() {
        Instant from = Instant.parse("2026-02-27T00:00:00Z");
        Instant to = Instant.parse("2026-03-02T00:00:00Z");
        SummaryQuery all = of(Viewer.operator(), SummaryScope.everyone(), SummaryFilter.NONE, 100, true);
        for (Grouping grouping : GROUPINGS.keySet()) {
            for (SummaryGranularity granularity : SummaryGranularity.values()) {
                same(with(all, granularity, grouping, from, to), "true");
            }
        }
        Grouping byMeter = Grouping.by(Grouping.Kind.METER);
        Instant hour = Instant.parse("2026-02-28T22:00:00Z");
        same(with(all, SummaryGranularity.HOURLY, byMeter, hour, hour.plusSeconds(3 * 3600)), "true");
    }

    @Test
    void filtersLeaveOutTheRest() {
        String coreHours = world.world
                .postgres
                .query("select upper(meter_id) from meter where meter_key = 2")
                .get(0);
        String group = "/SubScriptions/" + id("a1") + "/resourcegroups/RG-1/";
        Map<SummaryFilter, String> filters = Map.of(
                new SummaryFilter(coreHours, null, null, null), "r.meter_key = 2",
                new SummaryFilter(null, group, null, null),
                        "s.display_name = 'Display of a1' and split_part(lower(i.resource_uri), '/', 5) = 'rg-1'",
                new SummaryFilter(null, null, "department", "réseArch \"x\"".replace('A', 'a')),
                        "i.tags like '%search%'",
                new SummaryFilter(coreHours, "/no-group/", "other", "x"), "false",
                new SummaryFilter(coreHours, "/subscriptions/", "department", "finance"),
                        "r.meter_key = 2 and i.tags like '%finance%' and i.resource_uri ilike '/subs%'");
        for (boolean open : List.of(false, true)) {
            filters.forEach((filter, condition) -> {
                SummaryQuery query = of(Viewer.operator(), SummaryScope.everyone(), filter, 100, open);
                for (Grouping grouping : GROUPINGS.keySet()) {
                    SummaryQuery grouped = with(query, SummaryGranularity.DAILY, grouping, START, END);
                    if (condition.equals("false")) {
                        assertThat(lines(world.read(grouped))).isEmpty();
                    } else {
                        same(grouped, condition);
                    }
                }
            });
        }
    }

    @Test
    void aMeterThatIsNotThereIsNoSummary() {
        SummaryFilter filter = new SummaryFilter("no meter", null, null, null);
        assertThat(world.read(of(Viewer.operator(), SummaryScope.everyone(), filter, 1, false)))
                .isNull();
    }

    @Test
    void groupsBeyondTheTopOfAMeterAreSummedAsOne() {
        for (SummaryGranularity granularity : SummaryGranularity.values()) {
            SummaryQuery query = of(Viewer.operator(), SummaryScope.everyone(), SummaryFilter.NONE, 100, true);
            Grouping byResource = Grouping.by(Grouping.Kind.RESOURCE);
            Summary whole = world.read(with(query, granularity, byResource, START, END));
            SummaryQuery few = of(Viewer.operator(), SummaryScope.everyone(), SummaryFilter.NONE, 4, true);
            Summary cut = world.read(with(few, granularity, byResource, START, END));

            assertThat(whole.series()).noneMatch(Summary.Series::other);
            assertThat(cut.series().stream().map(series -> series.meter().id()).distinct())
                    .hasSize(3)
                    .allSatisfy(meter -> {
                        List<Summary.Series> kept = of(cut, meter);
                        assertThat(kept).hasSize(5);
                        assertThat(kept.get(4).other()).isTrue();
                        assertThat(kept.get(4).key()).isEmpty();
                        List<Summary.Series> all = of(whole, meter);
                        assertThat(kept.subList(0, 4))
                                .isSubsetOf(all)
                                .map(SummaryIT::weight)
                                .containsExactlyInAnyOrderElementsOf(all.stream()
                                        .map(SummaryIT::weight)
                                        .sorted(Comparator.reverseOrder())
                                        .limit(4)
                                        .toList());
                        assertThat(sum(kept)).isEqualByComparingTo(sum(all));
                        assertThat(kept.stream()
                                        .mapToLong(Summary.Series::records)
                                        .sum())
                                .isEqualTo(all.stream()
                                        .mapToLong(Summary.Series::records)
                                        .sum());
                    });
        }
    }

    private static List<Summary.Series> of(Summary summary, String meter) {
        return summary.series().stream()
                .filter(series -> series.meter().id().equals(meter))
                .toList();
    }

    private static BigDecimal weight(Summary.Series series) {
        return series.points().stream()
                .map(point ->
                        new BigDecimal(point.quantity()).add(new BigDecimal(point.open() == null ? "0" : point.open())))
                .reduce(BigDecimal.ZERO, BigDecimal::add)
                .abs();
    }

    private static BigDecimal sum(List<Summary.Series> series) {
        return series.stream().map(one -> new BigDecimal(one.total())).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    @Test
    void namesOfGroupsAreThoseOfTheirSubscriptions() {
        SummaryQuery query = query();
        Summary subscriptions =
                world.read(with(query, SummaryGranularity.TOTAL, Grouping.by(Grouping.Kind.SUBSCRIPTION), START, END));
        assertThat(subscriptions.series().stream().map(Summary.Series::label).collect(Collectors.toSet()))
                .isEqualTo(SummaryWorld.DIRECTORY.stream()
                        .map(line -> "Display of " + line.get(0))
                        .collect(Collectors.toSet()));
        Summary tenants =
                world.read(with(query, SummaryGranularity.TOTAL, Grouping.by(Grouping.Kind.TENANT), START, END));
        assertThat(tenants.series())
                .filteredOn(series -> series.key().equals(id("A").toString()))
                .isNotEmpty()
                .allMatch(series -> series.label().equals("Display of a1"));
    }

    @Test
    void theFirstWallIsTheScope() {
        Map<SummaryScope, String> scopes = Map.of(
                SummaryScope.of(tenant("A")), "s.tenant_id = '" + id("A") + "'",
                SummaryScope.of(subscription("a2")), "s.display_name = 'Display of a2'",
                SummaryScope.directTenantsOf(subscription("p")), "s.display_name ~ ' d[12]$'",
                SummaryScope.of(tenant("A")).within(Set.of(subscription("a1"), subscription("b"))),
                        "s.display_name = 'Display of a1'");
        scopes.forEach((scope, condition) -> everyQuery(Viewer.operator(), scope, condition));
    }

    @Test
    void theSecondWallHoldsWithoutTheFirst() {
        Map<String, String> visible = Map.of(
                "A", "s.tenant_id = '" + id("A") + "'",
                "B", "s.tenant_id = '" + id("B") + "'",
                "P", "s.tenant_id = '" + id("P") + "' or s.display_name ~ ' d[12]$'",
                "D", "s.tenant_id = '" + id("D") + "'",
                "operator", "s.provider_subscription_id = '" + id("default") + "'");
        visible.forEach(
                (tenant, condition) -> everyQuery(Viewer.ofTenant(id(tenant)), SummaryScope.everyone(), condition));
        SummaryQuery nobody = of(Viewer.ofTenant(id("nobody")), SummaryScope.everyone(), SummaryFilter.NONE, 20, true);
        for (Grouping grouping : WALLED) {
            for (SummaryGranularity granularity : WAYS) {
                Summary none = world.read(with(nobody, granularity, grouping, START, END));
                assertThat(none.series()).isEmpty();
                assertThat(none.sealedThrough()).isEqualTo(SEALED);
            }
        }
    }

    private static void everyQuery(Viewer viewer, SummaryScope scope, String condition) {
        for (Grouping grouping : WALLED) {
            for (SummaryGranularity granularity : WAYS) {
                same(
                        with(of(viewer, scope, SummaryFilter.NONE, 100, true), granularity, grouping, START, END),
                        condition);
            }
        }
    }

    @Test
    void aSummaryOfTooManyPointsHasNone() {
        world.world.postgres.execute("""
                create table many as select * from usage_by_day;
                insert into usage_by_day
                select md5('a' || s)::uuid, '2026-02-01Z'::timestamptz - d * interval '1 day', 1, 1, 1
                from generate_series(1, 60) s, generate_series(1, 400) d;
                insert into subscription (subscription_id, tenant_id, display_name, owner, state, provider_subscription_id)
                select md5('a' || s)::uuid, md5('many')::uuid, 'many', '', 'Enabled', md5('a' || s)::uuid
                from generate_series(1, 60) s""");
        try {
            Grouping bySubscription = Grouping.by(Grouping.Kind.SUBSCRIPTION);
            Instant longAgo = Instant.parse("2024-01-01T00:00:00Z");
            SummaryQuery query = query();
            Summary daily = world.read(with(query, SummaryGranularity.DAILY, bySubscription, longAgo, END));
            assertThat(daily.complete()).isFalse();
            assertThat(daily.series())
                    .hasSizeGreaterThanOrEqualTo(60)
                    .allMatch(series -> series.points().isEmpty());
            Summary monthly = world.read(with(query, SummaryGranularity.MONTHLY, bySubscription, longAgo, END));
            assertThat(monthly.complete()).isTrue();
            assertThat(monthly.series()).hasSameSizeAs(daily.series());
        } finally {
            world.world.postgres.execute("""
                    truncate usage_by_day;
                    insert into usage_by_day select * from many;
                    drop table many;
                    delete from subscription where display_name = 'many'""");
        }
    }

    @Test
    void granularitiesSayHowManyPointsTheyHave() {
        assertThat(SummaryGranularity.HOURLY.points(START, END)).isEqualTo(144);
        assertThat(SummaryGranularity.DAILY.points(START, END)).isEqualTo(6);
        assertThat(SummaryGranularity.MONTHLY.points(START, END)).isEqualTo(2);
        assertThat(SummaryGranularity.MONTHLY.points(START, Instant.parse("2026-03-01T00:00:00Z")))
                .isEqualTo(1);
        assertThat(SummaryGranularity.TOTAL.points(START, END)).isEqualTo(1);
        assertThat(new TreeSet<>(List.of(SummaryGranularity.values()))).containsExactly(SummaryGranularity.values());
    }
}
