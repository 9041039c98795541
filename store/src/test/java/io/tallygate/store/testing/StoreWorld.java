package io.tallygate.store.testing;

import static io.tallygate.store.testing.Await.await;

import io.tallygate.store.Database;
import io.tallygate.store.DatabaseConfig;
import io.tallygate.store.Partitions;
import io.tallygate.store.audit.Actor;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.usage.IngestOutcome;
import io.tallygate.store.usage.ReportedAt;
import io.tallygate.store.usage.ResourceInstance;
import io.tallygate.store.usage.UsageRecord;
import io.tallygate.store.usage.UsageRecordStore;
import io.tallygate.store.window.WindowSealer;
import io.tallygate.store.window.WindowStore;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/** A database of its own with one known subscription, and the stores over it. */
public final class StoreWorld implements AutoCloseable {
    public static final Actor OPERATOR = new Actor(UUID.randomUUID(), "operator", "test");

    private static final String CORE_HOURS = "FAB6EB84-500B-4A09-A8CA-7358F8BBAEA5".toLowerCase(Locale.ROOT);

    public final Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
    public final TestPostgres postgres;
    public final Database database;
    public final UsageRecordStore records;
    public final WindowStore windows;
    public final WindowSealer sealer;
    public final SubscriptionId subscription = new SubscriptionId(UUID.randomUUID());
    public final Instant hour = Instant.now().truncatedTo(ChronoUnit.HOURS);

    /** Over a fresh database. */
    public StoreWorld() {
        this(TestPostgres.fresh());
    }

    private StoreWorld(TestPostgres postgres) {
        this(postgres, postgres.config());
    }

    /** Over this database, reached in this way. */
    public StoreWorld(TestPostgres postgres, DatabaseConfig config) {
        this.postgres = postgres;
        database = Database.open(vertx, config);
        Partitions partitions = new Partitions();
        records = new UsageRecordStore(database, partitions);
        windows = new WindowStore(database);
        sealer = new WindowSealer(database, partitions);
        // Not by the store, which knows no schema but the latest.
        postgres.execute("""
                insert into subscription (subscription_id, tenant_id, display_name, owner, state, provider_subscription_id)
                values ('%1$s', gen_random_uuid(), 'Test', '', 'Enabled', '%1$s')""".formatted(subscription));
    }

    /** A record of the known subscription, used in the current hour. */
    public UsageRecord record(String id, String quantity) {
        return new UsageRecord(
                "test",
                id,
                CORE_HOURS,
                new ResourceInstance(subscription, "/subscriptions/x/vm", "local", null, null),
                new BigDecimal(quantity),
                hour,
                hour.plusSeconds(60));
    }

    /** Takes a batch; gives the names of the outcomes. */
    public List<String> ingest(UsageRecord... batch) {
        return names(await(records.ingest(List.of(batch), ReportedAt.NOW)));
    }

    /** The names of outcomes. */
    public static List<String> names(List<IngestOutcome> outcomes) {
        return outcomes.stream().map(outcome -> outcome.kind().name()).toList();
    }

    /** Closes and seals all windows before this hour. */
    public void seal(Instant through) {
        await(windows.closeThrough(through, OPERATOR));
        while (await(sealer.sealNext())) {}
    }

    @Override
    public void close() {
        await(database.close());
        await(vertx.close());
    }
}
