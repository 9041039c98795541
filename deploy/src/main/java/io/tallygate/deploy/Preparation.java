package io.tallygate.deploy;

import io.tallygate.deploy.config.ServeConfig;
import io.tallygate.routing.desk.HoldDesk;
import io.tallygate.store.Database;
import io.tallygate.store.directory.Subscription;
import io.tallygate.store.directory.SubscriptionStore;
import io.vertx.core.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is done to the database before a gateway serves. */
final class Preparation {
    private static final Logger LOG = LoggerFactory.getLogger(Preparation.class);

    private final Database database;
    private final ServeConfig config;
    private final StartOptions options;
    private final OwnNotes notes;

    /** Nothing is done yet. */
    Preparation(Database database, ServeConfig config, StartOptions options, OwnNotes notes) {
        this.database = database;
        this.config = config;
        this.options = options;
        this.notes = notes;
    }

    /** Does it; fails if the role may do too much, or the operator's subscription is somebody else's. */
    Future<Void> run() {
        return database.requireOrdinaryRole()
                .compose(ordinary -> registerOperator())
                .compose(registered -> options.restored() ? holdDeliveries() : Future.succeededFuture())
                .compose(held -> notes.write("gateway.start", options.detail()));
    }

    // The default provider subscription is part of the configuration; everything else refers to it.
    private Future<Void> registerOperator() {
        SubscriptionStore subscriptions = new SubscriptionStore(database);
        Subscription operator = new Subscription(
                config.operatorSubscription(),
                config.auth().operatorTenant(),
                "Default Provider Subscription",
                "",
                Subscription.State.Enabled,
                config.operatorSubscription(),
                null);
        return subscriptions.find(operator.id()).compose(found -> {
            if (found == null) {
                return subscriptions.put(operator, notes.self()).mapEmpty();
            }
            return found.tenant().equals(operator.tenant())
                    ? Future.succeededFuture()
                    : Future.failedFuture(new IllegalStateException("operator.subscriptionId " + found.id()
                            + " belongs to the tenant " + found.tenant() + ", not to operator.tenantId"));
        });
    }

    // The row stays until an operator takes it away: a gateway that is started again without the option keeps to it.
    private Future<Void> holdDeliveries() {
        return new HoldDesk(database)
                .holdRestored(notes.self())
                .onSuccess(hold -> LOG.warn(
                        "Nothing is delivered: deliveries are held ({}). Compare with each endpoint's book (tallygate"
                                + " deliveries compare FILE --apply), then go on with: tallygate deliveries resume"
                                + " --compared",
                        hold.reason()))
                .mapEmpty();
    }
}
