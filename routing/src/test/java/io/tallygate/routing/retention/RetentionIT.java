package io.tallygate.routing.retention;

import static io.tallygate.routing.testing.RoutingWorld.CORE_HOURS;
import static io.tallygate.routing.testing.RoutingWorld.OPERATOR;
import static io.tallygate.routing.testing.RoutingWorld.STATIC_IP;
import static io.tallygate.routing.testing.RoutingWorld.customer;
import static io.tallygate.routing.testing.RoutingWorld.tenant;
import static io.tallygate.store.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallygate.routing.ledger.Account;
import io.tallygate.routing.ledger.Reconciliation;
import io.tallygate.routing.ledger.Reconciliation.GroupBy;
import io.tallygate.routing.registration.BillingModel;
import io.tallygate.routing.registration.Registration;
import io.tallygate.routing.testing.Events;
import io.tallygate.routing.testing.RoutingWorld;
import io.tallygate.store.NotKeptException;
import io.tallygate.store.Partitions;
import io.tallygate.store.SealedReads;
import io.tallygate.store.Viewer;
import io.tallygate.store.aggregate.AggregationGranularity;
import io.tallygate.store.aggregate.Dimensions;
import io.tallygate.store.aggregate.PagePosition;
import io.tallygate.store.aggregate.UsageAggregateStore;
import io.tallygate.store.aggregate.UsageQuery;
import io.tallygate.store.aggregate.UsageScope;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import io.tallygate.store.retention.DroppedMonth;
import io.tallygate.store.retention.Obstacle;
import io.tallygate.store.retention.PastMonth;
import io.tallygate.store.retention.RetentionStore;
import io.tallygate.store.summary.Grouping;
import io.tallygate.store.summary.SummaryFilter;
import io.tallygate.store.summary.SummaryGranularity;
import io.tallygate.store.summary.SummaryQuery;
import io.tallygate.store.summary.SummaryScope;
import io.tallygate.store.summary.SummaryStore;
import io.tallygate.store.usage.IngestOutcome;
import io.tallygate.store.usage.ReportedAt;
import io.tallygate.store.usage.ResourceInstance;
import io.tallygate.store.usage.UsageRecord;
import io.tallygate.store.window.UsageSourceStore;
import io.vertx.core.Future;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RetentionIT {
    private static final Duration KEEP = Duration.ofDays(62);
    private static final Duration HOUR = Duration.ofHours(1);

    private final RoutingWorld world = new RoutingWorld();
    private final Events events = new Events(world.postgres);
    private final RetentionStore retention = new RetentionStore(world.database, world.partitions);
    private final SubscriptionId payer = customer();
    private final TenantId mapped = tenant();
    private final Instant first = monthsAgo(5);
    private final Instant second = monthsAgo(4);
    private final Instant third = monthsAgo(3);
    private SubscriptionId one;
    private SubscriptionId two;
    private Registration registration;
    private int count;

    @BeforeEach
    void report() {
        registration = world.register("azs", BillingModel.PayAsYouUse);
        world.map(registration, mapped, payer, first);
        one = world.subscribe(mapped, registration);
        two = world.subscribe(tenant(), null);
        for (Instant month : List.of(first, second, monthsAgo(1))) {
            Instant hour = month.plus(HOUR.multipliedBy(23));
            report(one, CORE_HOURS, "1.5", hour);
            report(one, STATIC_IP, "8", hour);
            report(two, CORE_HOURS, "16", hour);
            sealAndRoute(hour);
        }
        allIsRouted();
        deliver();
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void aMonthIsDroppedWholeAndItsBooksStillBalance() {
        Reconciliation before = reconcile(first, Instant.now(), GroupBy.DAY, GroupBy.TENANT, GroupBy.PAYER);
        assertThat(before.balanced()).isTrue();
        assertThat(before.totals().get(Account.DELIVERED).count()).isEqualTo(3);

        DroppedMonth dropped = await(retention.dropNext(KEEP, OPERATOR));

        assertThat(dropped.month()).isEqualTo(first);
        assertThat(dropped.records()).isEqualTo(3);
        assertThat(dropped.bytes()).isPositive();
        assertThat(await(retention.floor())).isEqualTo(second);
        assertThat(world.postgres.query("select relname from pg_class where relname like '%" + suffix(first) + "'"))
                .isEmpty();
        assertThat(world.postgres.query(
                        "select relname from pg_class where relkind = 'r' and relname like '%" + suffix(second) + "'"))
                .hasSize(8);
        Reconciliation after = reconcile(first, Instant.now(), GroupBy.DAY, GroupBy.TENANT, GroupBy.PAYER);
        assertThat(after).isEqualTo(before);
        assertThat(reconcile(first, Instant.now()).totals()).isEqualTo(before.totals());
        assertThatThrownBy(() -> reconcile(first, Instant.now(), GroupBy.METER)).satisfies(this::namesTheFloor);
        assertThat(reconcile(second, Instant.now(), GroupBy.METER).balanced()).isTrue();
        assertThat(world.postgres.query("select action, target from audit_entry where action like 'retention.%'"))
                .containsExactly("retention.drop|" + first);
        sweepAll();
        assertThat(reconcile(first, Instant.now(), GroupBy.DAY, GroupBy.TENANT, GroupBy.PAYER))
                .isEqualTo(before);
    }

    @Test
    void whatReachesBeforeTheFloorIsRefusedAndNeverEmpty() {
        List<Read> reads = List.of(
                from -> page(Viewer.operator(), new UsageScope.Everyone(), from),
                from -> page(Viewer.operator(), new UsageScope.OneSubscription(one), from),
                from -> page(Viewer.ofTenant(mapped.value()), new UsageScope.OneSubscription(one), from),
                from -> page(Viewer.operator(), new UsageScope.DirectTenantsOf(one), from),
                from -> count(new UsageScope.Everyone(), from),
                from -> count(new UsageScope.OneSubscription(one), from),
                from -> world.routed.page(query(Viewer.operator(), new UsageScope.PaidBy(payer), from)),
                from -> world.routed.count(query(Viewer.operator(), new UsageScope.PaidBy(payer), from)),
                from -> summary(from, SummaryGranularity.DAILY, Grouping.Kind.METER),
                from -> summary(from, SummaryGranularity.DAILY, Grouping.Kind.LOCATION),
                from -> new UsageSourceStore(world.database).page(from, from.plus(HOUR), null, 10));
        for (Read read : reads) {
            await(read.from(first));
        }
        await(retention.dropNext(KEEP, OPERATOR));
        for (int i = 0; i < reads.size(); i++) {
            Read read = reads.get(i);
            assertThatThrownBy(() -> await(read.from(first))).as("read %s", i).satisfies(this::namesTheFloor);
            assertThatThrownBy(() -> await(read.from(second.minus(Duration.ofDays(1)))))
                    .as("read %s of the last day", i)
                    .satisfies(this::namesTheFloor);
            await(read.from(second));
        }
    }

    @Test
    void identitiesGoLastAndWhatWasDroppedIsNeverCountedAnew() {
        UsageRecord old = record("again", one, CORE_HOURS, "2", first.plus(HOUR.multipliedBy(23)));
        assertThat(ingest(old)).isEqualTo("Rejected WindowSealed");
        await(retention.dropNext(KEEP, OPERATOR));
        UsageRecord known = record("record-1", one, CORE_HOURS, "1.5", first.plus(HOUR.multipliedBy(23)));
        assertThat(world.postgres.query("select count(*) from usage_identity where reported_hour < '" + second + "'"))
                .containsExactly("3");
        assertThat(ingest(known)).isEqualTo("Duplicate null");
        assertThat(ingest(old)).isEqualTo("Rejected UsageTimeTooOld");
        sweepAll();
        assertThat(world.postgres.query("select count(*) from usage_identity where reported_hour < '" + second + "'"))
                .containsExactly("0");
        assertThat(world.postgres.query("select count(*) from usage_identity")).containsExactly("6");
        assertThat(ingest(known)).isEqualTo("Rejected UsageTimeTooOld");
        UsageRecord unknownMeter = record("unknown", one, "no such meter", "1", first);
        assertThat(ingest(unknownMeter)).isEqualTo("Rejected UsageTimeTooOld");
        assertThat(world.postgres.query("select count(*) from usage_by_day where usage_day < '" + second + "'"
                        + " union all select count(*) from usage_report_day where usage_day < '" + second + "'"
                        + " union all select count(*) from routed_exclusion where reported_time < '" + second + "'"))
                .containsExactly("0", "0", "0");
        // Where a source has gaps is told by its first hour, which stays.
        assertThat(world.postgres.query("select min(usage_hour) = '" + first + "'::timestamptz + interval '23 hours',"
                        + " count(distinct usage_hour) from usage_source_hour"))
                .containsExactly("t|3");
    }

    @Test
    void whateverIsNotFinalKeepsItsMonth() {
        UUID event = events.keys().get(0);
        Map<String, String> obstacles = Map.of(
                "unsealedHours",
                "update window_state set sealed_through = '" + second + "'::timestamptz - interval '1 hour'",
                "unroutedHours",
                "update routing_state set routed_through = '" + second + "'::timestamptz - interval '1 hour'",
                "pendingEvents",
                state("pending"),
                "deadEvents",
                state("dead"),
                "manualEvents",
                state("manual"),
                "waitingRows",
                "update event_row set event_key = null, event_time = null where reported_time < '" + second + "'",
                "recentEvents",
                "insert into delivery_event select (jsonb_populate_record(d, jsonb_build_object('reported_time',"
                        + " now()))).* from delivery_event d where reported_time < '" + second + "';"
                        + " update event_row set event_time = now() where reported_time < '" + second + "'",
                "awaitedEvents",
                "update event_row set event_key = null, event_time = null, awaited_time = '"
                        + first.plus(HOUR.multipliedBy(23)) + "', awaited_key = '" + event
                        + "' where reported_time > '" + third + "'",
                "quarantined",
                """
                        insert into quarantined_record (source, record_id, payload_hash, reason, subscription_id, meter_id,
                          resource_uri, location, usage_start, usage_end, quantity)
                        values ('s', 'q', '', 'MeterUnknown', gen_random_uuid(), 'm', '/x', 'l', '%1$s', '%1$s', 1)""".formatted(first),
                "conflicts",
                """
                        insert into conflicting_record (source, record_id, payload_hash, reason, subscription_id, meter_id,
                          resource_uri, location, usage_start, usage_end, quantity)
                        values ('s', 'q', '', 'PayloadDiffers', gen_random_uuid(), 'm', '/x', 'l', '%1$s', '%1$s', 1)""".formatted(first));
        for (Map.Entry<String, String> obstacle : obstacles.entrySet()) {
            world.postgres.execute("begin; create temporary table t on commit drop as select 1; " + obstacle.getValue()
                    + "; do $$ begin if (select string_agg(obstacle, ',') from month_obstacles('" + first + "')) <> '"
                    + obstacle.getKey() + "' or (select count(*) from month_obstacles('" + first
                    + "')) <> 1 then raise exception 'found %', (select string_agg(obstacle, ',') from month_obstacles('"
                    + first + "')); end if; end $$; rollback");
        }
        world.postgres.execute(state("dead"));
        PastMonth past = await(retention.past(KEEP)).get(0);
        assertThat(past.month()).isEqualTo(first);
        assertThat(past.obstacles()).isEqualTo(Map.of(Obstacle.DEAD_EVENTS, 1L));
        assertThat(past.tables()).hasSize(8).first().satisfies(table -> {
            assertThat(table.name()).isEqualTo("usage_record");
            assertThat(table.rows()).isEqualTo(3);
            assertThat(table.bytes()).isPositive();
        });
        assertThatThrownBy(() -> await(retention.dropNext(KEEP, OPERATOR)))
                .hasMessageContaining("is not final: deadEvents 1");
        assertThat(await(retention.floor())).isNull();
        world.postgres.execute(state("waived"));
        assertThat(await(retention.past(KEEP)).get(0).isFinal()).isTrue();
        assertThat(await(retention.dropNext(KEEP, OPERATOR)).month()).isEqualTo(first);
    }

    @Test
    void aMonthWhoseBooksDoNotBalanceStays() {
        for (String loss : List.of(
                "update usage_hourly set quantity = quantity + 0.000000000000001 where reported_time < '" + second
                        + "'",
                "delete from routed_exclusion where reported_time < '" + second + "'",
                "delete from usage_record where reported_hour < '" + second + "'",
                "delete from event_row where reported_time < '" + second + "'",
                "update delivery_event set state = 'withdrawn' where reported_time < '" + second + "'")) {
            assertThatThrownBy(
                            () -> world.postgres.execute("begin; " + loss + "; select drop_month('62 days'); commit"))
                    .as(loss)
                    .isInstanceOf(IllegalStateException.class);
        }
        assertThat(await(retention.floor())).isNull();
        assertThat(world.postgres.query("select count(*) from dropped_day")).containsExactly("0");
    }

    @Test
    void twoGatewaysDropEachMonthOnce() {
        RetentionStore other = new RetentionStore(world.database, new Partitions());
        List<Future<DroppedMonth>> both = Stream.of(retention, other, retention, other)
                .map(store -> store.dropNext(KEEP, OPERATOR))
                .toList();
        await(Future.join(both).otherwiseEmpty());
        while (await(retention.dropNext(KEEP, OPERATOR)) != null) {}
        assertThat(await(retention.floor())).isAfterOrEqualTo(third);
        assertThat(world.postgres.query(
                        "select count(*) from audit_entry where action = 'retention.drop' group by target"))
                .allMatch("1"::equals);
        assertThat(reconcile(first, Instant.now()).balanced()).isTrue();
    }

    @Test
    void readersNeverWaitLongForADrop() {
        // Somebody reads the old month for a while: the drop waits for that, and lets other readers by meanwhile.
        Future<?> reading = world.database.longTransaction(connection -> connection
                .query("select count(*) from usage_record; select pg_sleep(2.5)")
                .execute());
        Future<DroppedMonth> dropping = retention.dropNext(KEEP, OPERATOR);
        while (!dropping.isComplete()) {
            world.postgres.execute("set lock_timeout = '900ms'; select count(*) from usage_record");
        }
        await(reading);
        assertThat(await(dropping).month()).isEqualTo(first);
    }

    @Test
    void partitionsAreMadeAheadAndADroppedMonthIsNeverMadeAgain() {
        await(retention.makeAhead());
        await(retention.makeAhead());
        assertThat(world.postgres.query(
                        "select count(*) from pg_class where relkind = 'r' and relname ~ '^usage_record_'"
                                + " and relname > 'usage_record" + suffix(monthsAgo(0)) + "'"))
                .containsExactly("3");
        await(retention.dropNext(KEEP, OPERATOR));
        assertThatThrownBy(() -> world.postgres.execute("select ensure_partitions('" + first + "')"))
                .hasMessageContaining("was dropped");
    }

    @Test
    void retentionOfLessThanTwoMonthsDropsNothing() {
        assertThatThrownBy(() -> await(retention.dropNext(Duration.ofDays(61), OPERATOR)))
                .hasMessageContaining("62 days at least");
        assertThat(await(retention.dropNext(Duration.ofDays(365), OPERATOR))).isNull();
        world.postgres.execute("update retention_state set least = '5 years'");
        assertThatThrownBy(() -> await(retention.dropNext(Duration.ofDays(365), OPERATOR)))
                .hasMessageContaining("5 years at least");
    }

    private interface Read {
        Future<?> from(Instant from);
    }

    private void namesTheFloor(Throwable failure) {
        assertThat(failure)
                .isInstanceOfSatisfying(
                        NotKeptException.class, past -> assertThat(past.floor()).isEqualTo(second));
    }

    private UsageQuery query(Viewer viewer, UsageScope scope, Instant from) {
        return new UsageQuery(
                viewer,
                scope,
                AggregationGranularity.Daily,
                from,
                from.plus(Duration.ofDays(1)),
                new PagePosition(from, 0),
                10);
    }

    private Future<?> page(Viewer viewer, UsageScope scope, Instant from) {
        return new UsageAggregateStore(SealedReads.of(world.database), new Dimensions())
                .page(query(viewer, scope, from));
    }

    private Future<?> count(UsageScope scope, Instant from) {
        return new UsageAggregateStore(SealedReads.of(world.database), new Dimensions())
                .count(query(Viewer.operator(), scope, from));
    }

    private Future<?> summary(Instant from, SummaryGranularity granularity, Grouping.Kind grouping) {
        return new SummaryStore(SealedReads.of(world.database))
                .summarise(new SummaryQuery(
                        Viewer.operator(),
                        SummaryScope.everyone(),
                        from,
                        from.plus(Duration.ofDays(1)),
                        granularity,
                        Grouping.by(grouping),
                        SummaryFilter.NONE,
                        10,
                        false));
    }

    private String state(String state) {
        return "update delivery_event set state = '" + state + "' where reported_time < '" + second + "'";
    }

    private void sweepAll() {
        while (await(retention.sweepNext(KEEP))) {}
    }

    private Reconciliation reconcile(Instant from, Instant to, GroupBy... groups) {
        Set<GroupBy> by = groups.length == 0 ? Set.of() : EnumSet.copyOf(List.of(groups));
        return await(world.reconciliation.reconcile(
                from, AggregationGranularity.Daily.floor(to).plus(Duration.ofDays(1)), by));
    }

    private void deliver() {
        for (Instant month : List.of(first, second, monthsAgo(1))) {
            Instant hour = month.plus(HOUR.multipliedBy(23));
            events.compose(payer, "delivered", "reported_time = '" + hour + "'");
        }
    }

    private void report(SubscriptionId subscription, String meter, String quantity, Instant hour) {
        UsageRecord record = record("record-" + ++count, subscription, meter, quantity, hour);
        assertThat(ingest(record)).isEqualTo("Accepted null");
    }

    private static UsageRecord record(
            String id, SubscriptionId subscription, String meter, String quantity, Instant hour) {
        return new UsageRecord(
                "test",
                id,
                meter,
                new ResourceInstance(subscription, "/vm/1", "local", null, null),
                new BigDecimal(quantity),
                hour,
                hour.plus(HOUR));
    }

    private String ingest(UsageRecord record) {
        IngestOutcome outcome = await(world.records.ingest(List.of(record), ReportedAt.USAGE_HOUR))
                .get(0);
        return outcome.kind() + " " + outcome.code();
    }

    // The windows between have no records: it would take minutes to seal them all.
    private void sealAndRoute(Instant hour) {
        world.postgres.execute("""
                update window_state set first_hour = coalesce(first_hour, '%1$s'), sealed_through = '%1$s',
                  closed_through = '%1$s';
                update routing_state set routed_through = '%1$s'""".formatted(hour));
        world.seal(hour.plus(HOUR));
        world.route();
    }

    private void allIsRouted() {
        Instant now = AggregationGranularity.Hourly.floor(Instant.now());
        world.postgres.execute("""
                update window_state set sealed_through = '%1$s', closed_through = '%1$s';
                update routing_state set routed_through = '%1$s'""".formatted(now));
    }

    private static Instant monthsAgo(int months) {
        return YearMonth.now(ZoneOffset.UTC)
                .minusMonths(months)
                .atDay(1)
                .atStartOfDay()
                .toInstant(ZoneOffset.UTC);
    }

    private static String suffix(Instant month) {
        return "_" + month.toString().substring(0, 7).replace('-', '_');
    }
}
