package io.tallygate.store.usage;

import static io.tallygate.store.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.store.Database;
import io.tallygate.store.Partitions;
import io.tallygate.store.SealedReads;
import io.tallygate.store.Viewer;
import io.tallygate.store.aggregate.AggregationGranularity;
import io.tallygate.store.aggregate.Dimensions;
import io.tallygate.store.aggregate.PagePosition;
import io.tallygate.store.aggregate.UsageAggregate;
import io.tallygate.store.aggregate.UsageAggregateStore;
import io.tallygate.store.aggregate.UsageQuery;
import io.tallygate.store.aggregate.UsageScope;
import io.tallygate.store.audit.Actor;
import io.tallygate.store.directory.Meter;
import io.tallygate.store.directory.MeterStore;
import io.tallygate.store.directory.Subscription;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.SubscriptionStore;
import io.tallygate.store.directory.TenantId;
import io.tallygate.store.testing.TestPostgres;
import io.tallygate.store.window.WindowSealer;
import io.tallygate.store.window.WindowStatus;
import io.tallygate.store.window.WindowStore;
import io.vertx.core.Vertx;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class IngestAndSealIT {
    private static final String CORE_HOURS = "FAB6EB84-500B-4A09-A8CA-7358F8BBAEA5";
    private static final SubscriptionId SUBSCRIPTION = new SubscriptionId(UUID.randomUUID());
    private static final Actor OPERATOR = new Actor(UUID.randomUUID(), "operator", "test");

    private final Vertx vertx = Vertx.vertx();
    private final TestPostgres postgres = TestPostgres.fresh();
    private final Database database = Database.open(vertx, postgres.config());
    private final Partitions partitions = new Partitions();
    private final UsageRecordStore records = new UsageRecordStore(database, partitions);
    private final HeldRecordStore held = new HeldRecordStore(database, partitions);
    private final WindowStore windows = new WindowStore(database);
    private final WindowSealer sealer = new WindowSealer(database, partitions);
    private final UsageAggregateStore aggregates = new UsageAggregateStore(SealedReads.of(database), new Dimensions());
    private final Instant hour = Instant.now().truncatedTo(ChronoUnit.HOURS);

    @BeforeEach
    void subscribe() {
        await(new SubscriptionStore(database).put(subscription(SUBSCRIPTION), OPERATOR));
    }

    @AfterEach
    void close() {
        await(database.close());
        await(vertx.close());
    }

    @Test
    void sameIdentityIsTakenOnceAndOtherPayloadIsAConflict() {
        assertThat(outcomes(record("a", "1.50"), record("a", "1.5"), record("a", "2")))
                .containsExactly("Accepted", "Duplicate", "Conflict");
        assertThat(outcomes(record("a", "1.5"), record("b", "1"), record("a", "2")))
                .containsExactly("Duplicate", "Accepted", "Conflict");
        assertThat(postgres.query("select count(*), sum(quantity)::text from usage_record"))
                .containsExactly("2|2.500000000000000");
        assertThat(await(held.page(HeldRecords.CONFLICTING, 0, 10))).hasSize(1);
    }

    @Test
    void quarantineReleasesItselfWhenTheSubscriptionBecomesKnown() {
        SubscriptionId stranger = new SubscriptionId(UUID.randomUUID());
        UsageRecord record = record("q", "7", stranger);
        assertThat(outcomes(record)).containsExactly("Quarantined");
        assertThat(outcomes(record)).containsExactly("Quarantined");
        assertThat(await(held.release())).isZero();

        await(new SubscriptionStore(database).put(subscription(stranger), OPERATOR));
        assertThat(await(held.release())).isEqualTo(1);

        assertThat(outcomes(record)).containsExactly("Duplicate");
        assertThat(await(held.page(HeldRecords.QUARANTINED, 0, 10))).isEmpty();
        assertThat(postgres.query("select count(*) from usage_record")).containsExactly("1");
    }

    @Test
    void meterIdsAreFoldedByOneRuleOrNobodyLeavesQuarantine() {
        UsageRecord stranger =
                new UsageRecord("test", "sigma", "ΜΕΤΡΗΤΗΣ/Iİ", instance(SUBSCRIPTION), BigDecimal.ONE, hour, hour);
        assertThat(outcomes(stranger)).containsExactly("Quarantined");
        Meter meter = new Meter("ΜΕΤΡΗΤΗΣ/iİ", "M", "", "u", false, false, List.of(), "m");
        assertThat(await(new MeterStore(database).put(meter, OPERATOR))).isTrue();
        assertThat(await(held.release())).isEqualTo(1);
        assertThat(outcomes(stranger)).containsExactly("Duplicate");
    }

    @Test
    void closingDoesNotWaitForASumInProgress() {
        outcomes(record("a", "1"));
        await(windows.closeThrough(hour.plus(1, ChronoUnit.HOURS), OPERATOR));
        WindowStatus closed = await(database.transaction(transaction -> transaction
                .query("select pg_try_advisory_xact_lock(hashtextextended('tallygate sealing', 0))")
                .execute()
                .compose(mine -> sealer.sealNext())
                .compose(none -> windows.closeThrough(hour.plus(2, ChronoUnit.HOURS), OPERATOR))
                .compose(done -> windows.status())));
        assertThat(closed.closedThrough()).isEqualTo(hour.plus(2, ChronoUnit.HOURS));
        assertThat(closed.sealedThrough()).isEqualTo(hour);
    }

    @Test
    void discardedRecordStaysRefused() {
        UsageRecord record = record("q", "7", new SubscriptionId(UUID.randomUUID()));
        outcomes(record);
        long heldId = await(held.page(HeldRecords.QUARANTINED, 0, 10)).get(0).heldId();
        assertThat(await(held.discard(HeldRecords.QUARANTINED, heldId, "junk", OPERATOR)))
                .isNotNull();
        assertThat(await(held.discard(HeldRecords.QUARANTINED, heldId, "junk", OPERATOR)))
                .isNull();
        assertThat(outcomes(record)).containsExactly("Rejected");
        assertThat(postgres.query("select action, reason from audit_entry where action like 'quarantine%'"))
                .containsExactly("quarantine.discard|junk");
    }

    @Test
    void sealedWindowTakesNoMoreAndLaterRecordsJoinTheNext() {
        outcomes(record("a", "1"), record("b", "2.25"));
        seal(hour.plus(1, ChronoUnit.HOURS));
        outcomes(record("late", "-0.5"));
        assertThat(quantities(AggregationGranularity.Hourly, hour, hour.plus(1, ChronoUnit.HOURS)))
                .containsExactly("3.25");
        assertThat(await(records.ingest(List.of(record("backfill", "1")), ReportedAt.USAGE_HOUR))
                        .get(0)
                        .code())
                .isEqualTo(RecordError.WindowSealed);

        Instant midnight = hour.truncatedTo(ChronoUnit.DAYS).plus(1, ChronoUnit.DAYS);
        seal(midnight);
        seal(midnight.plus(1, ChronoUnit.HOURS));
        assertThat(quantities(AggregationGranularity.Daily, midnight.minus(1, ChronoUnit.DAYS), midnight))
                .hasSize(1);
        assertThat(postgres.query(
                        "select (select sum(quantity) from usage_daily) = (select sum(quantity) from usage_hourly"
                                + " where reported_time < '" + midnight + "')"))
                .containsExactly("t");
    }

    @Test
    void backfillJoinsTheWindowOfItsUsageHour() {
        Instant before = hour.minus(40, ChronoUnit.DAYS);
        UsageRecord old = new UsageRecord(
                "test", "old", CORE_HOURS, instance(SUBSCRIPTION), BigDecimal.TEN, before, before.plusSeconds(60));
        assertThat(await(records.ingest(List.of(old), ReportedAt.USAGE_HOUR)).get(0))
                .isEqualTo(IngestOutcome.ACCEPTED);
        seal(before.plus(2, ChronoUnit.HOURS));
        assertThat(await(windows.status()).firstHour()).isEqualTo(before);
        assertThat(quantities(AggregationGranularity.Hourly, before, before.plus(1, ChronoUnit.HOURS)))
                .containsExactly("10");
    }

    @Test
    void recordOfASealedWindowDoesNotRefuseTheNextOneOfItsIdentity() {
        outcomes(record("first", "1"));
        seal(hour);
        UsageRecord late = new UsageRecord(
                "test", "a", CORE_HOURS, instance(SUBSCRIPTION), BigDecimal.ONE, hour.minusSeconds(60), hour);
        List<UsageRecord> batch = List.of(late, record("a", "2"), record("a", "2"), record("a", "3"), late);
        assertThat(await(records.ingest(batch, ReportedAt.USAGE_HOUR)))
                .extracting(outcome -> outcome.kind().name())
                .containsExactly("Rejected", "Accepted", "Duplicate", "Conflict", "Conflict");
        assertThat(postgres.query("select round(quantity) from usage_record where record_id = 'a'"))
                .containsExactly("2");
    }

    @Test
    void twoSealersSealEachWindowOnce() {
        outcomes(record("a", "1"));
        await(windows.closeThrough(hour.plus(20, ChronoUnit.HOURS), OPERATOR));
        WindowSealer other = new WindowSealer(database, new Partitions());
        for (int i = 0; i < 40; i++) {
            var both = List.of(sealer.sealNext(), other.sealNext());
            both.forEach(io.tallygate.store.testing.Await::await);
        }
        WindowStatus status = await(windows.status());
        assertThat(status.sealedThrough()).isEqualTo(hour.plus(20, ChronoUnit.HOURS));
        assertThat(postgres.query("select count(*), sum(record_count) from usage_window"))
                .containsExactly("20|1");
    }

    private void seal(Instant through) {
        await(windows.closeThrough(through, OPERATOR));
        while (await(sealer.sealNext())) {}
    }

    private List<String> quantities(AggregationGranularity granularity, Instant from, Instant to) {
        UsageQuery query = new UsageQuery(
                Viewer.operator(),
                new UsageScope.OneSubscription(SUBSCRIPTION),
                granularity,
                from,
                to,
                new PagePosition(from, 0),
                1000);
        return await(aggregates.page(query)).rows().stream()
                .map(UsageAggregate::quantity)
                .toList();
    }

    private List<String> outcomes(UsageRecord... batch) {
        return await(records.ingest(List.of(batch), ReportedAt.NOW)).stream()
                .map(outcome -> outcome.kind().name())
                .toList();
    }

    private UsageRecord record(String id, String quantity) {
        return record(id, quantity, SUBSCRIPTION);
    }

    private UsageRecord record(String id, String quantity, SubscriptionId subscription) {
        return new UsageRecord(
                "test",
                id,
                CORE_HOURS.toLowerCase(java.util.Locale.ROOT),
                instance(subscription),
                new BigDecimal(quantity),
                hour,
                hour.plusSeconds(3600));
    }

    private static ResourceInstance instance(SubscriptionId subscription) {
        return new ResourceInstance(subscription, "/subscriptions/x/vm", "local", "{\"a\":\"b\"}", null);
    }

    private static Subscription subscription(SubscriptionId id) {
        return new Subscription(id, new TenantId(UUID.randomUUID()), "Test", "", Subscription.State.Enabled, id, null);
    }
}
