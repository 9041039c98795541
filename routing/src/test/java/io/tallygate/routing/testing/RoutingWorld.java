package io.tallygate.routing.testing;

import static io.tallygate.store.testing.Await.await;

import io.tallygate.routing.ledger.ReconciliationStore;
import io.tallygate.routing.payer.RoutedUsageStore;
import io.tallygate.routing.payer.RoutedWindow;
import io.tallygate.routing.payer.UsageRouter;
import io.tallygate.routing.registration.BillingModel;
import io.tallygate.routing.registration.CustomerSubscriptionOutcome;
import io.tallygate.routing.registration.CustomerSubscriptionStore;
import io.tallygate.routing.registration.Registration;
import io.tallygate.routing.registration.RegistrationContent;
import io.tallygate.routing.registration.RegistrationStore;
import io.tallygate.store.Database;
import io.tallygate.store.Partitions;
import io.tallygate.store.aggregate.Dimensions;
import io.tallygate.store.audit.Actor;
import io.tallygate.store.directory.Subscription;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.SubscriptionStore;
import io.tallygate.store.directory.TenantId;
import io.tallygate.store.testing.TestPostgres;
import io.tallygate.store.usage.IngestOutcome;
import io.tallygate.store.usage.ReportedAt;
import io.tallygate.store.usage.ResourceInstance;
import io.tallygate.store.usage.UsageRecord;
import io.tallygate.store.usage.UsageRecordStore;
import io.tallygate.store.window.WindowSealer;
import io.tallygate.store.window.WindowStore;
import io.vertx.core.Vertx;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** A database of its own with the stores that route, and the deeds that tests are made of. */
public final class RoutingWorld implements AutoCloseable {
    /** Chargeable. */
    public static final String CORE_HOURS = "FAB6EB84-500B-4A09-A8CA-7358F8BBAEA5";

    /** Not chargeable. */
    public static final String STATIC_IP = "F271A8A388C44D93956A063E1D2FA80B";

    public static final SubscriptionId BASE = new SubscriptionId(UUID.randomUUID());
    public static final Actor OPERATOR = new Actor(UUID.randomUUID(), "operator", "test");

    public final TestPostgres postgres = TestPostgres.fresh();
    public final Partitions partitions = new Partitions();
    public final Database database;
    public final RegistrationStore registrations;
    public final CustomerSubscriptionStore mappings;
    public final SubscriptionStore subscriptions;
    public final UsageRecordStore records;
    public final WindowStore windows;
    public final UsageRouter router;
    public final RoutedUsageStore routed;

    /** What the router told of. */
    public final List<RoutedWindow> routedWindows = new ArrayList<>();

    public final ReconciliationStore reconciliation;

    /** The UTC midnight two days ago: what is reported from here on is reported by backfill. */
    public final Instant start = Instant.now().truncatedTo(ChronoUnit.DAYS).minus(2, ChronoUnit.DAYS);

    private final Vertx vertx = Vertx.vertx();
    private final WindowSealer sealer;
    private int count;

    public RoutingWorld() {
        database = Database.open(vertx, postgres.config());
        registrations = new RegistrationStore(database);
        mappings = new CustomerSubscriptionStore(database);
        subscriptions = new SubscriptionStore(database);
        records = new UsageRecordStore(database, partitions);
        windows = new WindowStore(database);
        sealer = new WindowSealer(database, partitions);
        router = new UsageRouter(database, partitions, routedWindows::add);
        routed = new RoutedUsageStore(database, new Dimensions());
        reconciliation = new ReconciliationStore(database);
    }

    public Instant hour(int hours) {
        return start.plus(Duration.ofHours(hours));
    }

    public Registration register(String name, BillingModel model) {
        RegistrationContent content = new RegistrationContent("local", null, model, true, "token-" + name, null);
        return await(registrations.put(BASE, "group", name, content, OPERATOR)).registration();
    }

    /** A new subscription of the tenant; the registration may be null. */
    public SubscriptionId subscribe(TenantId tenant, Registration registration) {
        SubscriptionId id = new SubscriptionId(UUID.randomUUID());
        Long registrationId = registration == null ? null : registration.registrationId();
        await(subscriptions.put(
                new Subscription(id, tenant, "Test", "", Subscription.State.Enabled, id, registrationId), OPERATOR));
        return id;
    }

    public CustomerSubscriptionOutcome.Kind map(
            Registration registration, TenantId tenant, SubscriptionId customer, Instant from) {
        return await(mappings.put(registration, customer, tenant, from, OPERATOR))
                .kind();
    }

    /** Reports usage of an hour into the window of that hour. */
    public void backfill(SubscriptionId subscription, String meterId, String quantity, int usageHour) {
        report(subscription, meterId, quantity, usageHour, ReportedAt.USAGE_HOUR);
    }

    /** Reports usage of an hour into the window that is open now. */
    public void late(SubscriptionId subscription, String meterId, String quantity, int usageHour) {
        report(subscription, meterId, quantity, usageHour, ReportedAt.NOW);
    }

    private void report(
            SubscriptionId subscription, String meterId, String quantity, int usageHour, ReportedAt reportedAt) {
        Instant from = hour(usageHour);
        UsageRecord record = new UsageRecord(
                "test",
                "record-" + ++count,
                meterId,
                new ResourceInstance(subscription, "/vm/1", "local", null, "{\"b\":1.10}"),
                new BigDecimal(quantity),
                from,
                from.plusSeconds(3600));
        IngestOutcome outcome =
                await(records.ingest(List.of(record), reportedAt)).get(0);
        if (outcome.kind() != IngestOutcome.Kind.Accepted) {
            throw new AssertionError(outcome);
        }
    }

    public void seal(Instant through) {
        await(windows.closeThrough(through, OPERATOR));
        while (await(sealer.sealNext())) {}
    }

    public void route() {
        while (await(router.routeNext())) {}
    }

    public static SubscriptionId customer() {
        return new SubscriptionId(UUID.randomUUID());
    }

    public static TenantId tenant() {
        return new TenantId(UUID.randomUUID());
    }

    @Override
    public void close() {
        await(database.close());
        await(vertx.close());
    }
}
