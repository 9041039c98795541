package io.tallygate.routing.payer;

import io.tallygate.routing.registration.CustomerSubscriptionStore;
import io.tallygate.routing.registration.MappingTrial;
import io.tallygate.routing.registration.Registration;
import io.tallygate.store.Database;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;

/**
 * Says what a change of mappings would move, by making it and asking what a re-route finds, in one transaction that is rolled
 * back: the same statements as the change and the re-route themselves. Meanwhile another change of that registration waits.
 */
public final class MappingPreviewStore {
    private final Database database;
    private final RerouteStore reroutes;

    /** Tries in the given database. */
    public MappingPreviewStore(Database database, RerouteStore reroutes) {
        this.database = database;
        this.reroutes = reroutes;
    }

    /** What {@link CustomerSubscriptionStore#put} would do. */
    public Future<MappingPreview> put(
            Registration registration, SubscriptionId customerSubscription, TenantId tenant, Instant effectiveFrom) {
        return database.longTrial(transaction -> CustomerSubscriptionStore.tryPut(
                        transaction, registration, customerSubscription, tenant, effectiveFrom)
                .compose(change -> preview(transaction, registration, change)));
    }

    /** What {@link CustomerSubscriptionStore#end} would do. */
    public Future<MappingPreview> end(
            Registration registration, SubscriptionId customerSubscription, Instant effectiveTo) {
        return database.longTrial(transaction -> CustomerSubscriptionStore.tryEnd(
                        transaction, registration, customerSubscription, effectiveTo)
                .compose(change -> preview(transaction, registration, change)));
    }

    private Future<MappingPreview> preview(SqlConnection transaction, Registration registration, MappingTrial change) {
        if (change.tenants().isEmpty()) {
            return Future.succeededFuture(new MappingPreview(change, null));
        }
        return reroutes.preview(transaction, registration.registrationId(), change.tenants(), change.from())
                .map(reroute -> new MappingPreview(change, reroute));
    }
}
