package io.tallygate.deploy;

import io.tallygate.deploy.config.ServeConfig;
import io.tallygate.routing.desk.HoldDesk;
import io.tallygate.store.Database;
import io.tallygate.store.audit.Actor;
import io.tallygate.store.audit.AuditNote;
import io.tallygate.store.audit.AuditStore;
import io.tallygate.store.directory.Subscription;
import io.tallygate.store.directory.SubscriptionStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is done to the database before a gateway serves. */
final class Preparation {
    private static final Logger LOG = LoggerFactory.getLogger(Preparation.class);
    private static final long AUDIT_RETRY_MILLIS = 10_000;

    private final Vertx vertx;
    private final Database database;
    private final ServeConfig config;
    private final StartOptions options;
    private final AuditStore audit;
    private volatile boolean stopped;

    /** Nothing is done yet. */
    Preparation(Vertx vertx, Database database, ServeConfig config, StartOptions options, AuditStore audit) {
        this.vertx = vertx;
        this.database = database;
        this.config = config;
        this.options = options;
        this.audit = audit;
    }

    /** Does it; fails if the role may do too much, or the operator's subscription is somebody else's. */
    Future<Void> run() {
        return database.requireOrdinaryRole()
                .compose(ordinary -> registerOperator())
                .compose(registered -> options.restored() ? holdDeliveries() : Future.succeededFuture())
                .compose(held -> noteStart());
    }

    /** Tries nothing again. */
    void stop() {
        stopped = true;
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
                return subscriptions.put(operator, self()).mapEmpty();
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
                .holdRestored(self())
                .onSuccess(hold -> LOG.warn(
                        "Nothing is delivered: deliveries are held ({}). Compare with each endpoint's book (tallygate"
                                + " deliveries compare FILE --apply), then go on with: tallygate deliveries resume"
                                + " --compared",
                        hold.reason()))
                .mapEmpty();
    }

    // A gateway serves even while nobody can write that down: it is tried until it is.
    private Future<Void> noteStart() {
        AuditNote note = new AuditNote(self(), "gateway.start", "gateway", null, options.detail());
        return audit.append(List.of(note)).recover(failure -> {
            LOG.warn("Could not put the start into the audit: will try again", failure);
            if (!stopped) {
                vertx.setTimer(AUDIT_RETRY_MILLIS, again -> noteStart());
            }
            return Future.succeededFuture();
        });
    }

    private Actor self() {
        return new Actor(config.auth().operatorTenant().value(), "tallygate", "start");
    }
}
