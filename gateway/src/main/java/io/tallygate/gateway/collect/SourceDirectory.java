package io.tallygate.gateway.collect;

import io.tallygate.gateway.collect.SourceOrigin.Stamp;
import io.tallygate.routing.registration.RegistrationStore;
import io.tallygate.store.audit.Actor;
import io.tallygate.store.directory.Subscription;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.SubscriptionStore;
import io.vertx.core.Future;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The subscriptions of a source, as it lists them: made known here, in the source's registration, so that their usage leaves
 * quarantine. The direct tenants of its operator are those of ours. What would change hands is not changed but told.
 */
public final class SourceDirectory {
    private static final Logger LOG = LoggerFactory.getLogger(SourceDirectory.class);

    private final SourceConfig config;
    private final CollectSource source;
    private final SubscriptionStore subscriptions;
    private final RegistrationStore registrations;
    private final SubscriptionId operatorSubscription;
    private final Actor actor;

    /**
     * Of this source.
     *
     * @param operatorSubscription ours, in whose name the operator's own direct tenants are
     * @param actor who puts them, in the audit
     */
    public SourceDirectory(
            SourceConfig config,
            CollectSource source,
            SubscriptionStore subscriptions,
            RegistrationStore registrations,
            SubscriptionId operatorSubscription,
            Actor actor) {
        this.config = config;
        this.source = source;
        this.subscriptions = subscriptions;
        this.registrations = registrations;
        this.operatorSubscription = operatorSubscription;
        this.actor = actor;
    }

    /** Asks the source for its subscriptions, deleted ones too, and puts those that are not so here. */
    public Future<Void> refresh(long registrationId) {
        return source.subscriptions()
                .compose(found -> subscriptions.all().compose(all -> {
                    Map<SubscriptionId, Subscription> known =
                            all.stream().collect(Collectors.toMap(Subscription::id, each -> each));
                    Future<Void> done = Future.succeededFuture();
                    for (SourceSubscription each : providersFirst(found)) {
                        done = done.compose(before -> put(each, known.get(each.id()), registrationId)
                                .recover(failure -> {
                                    LOG.warn(
                                            "{} has the subscription {}, which cannot be put here",
                                            config.name(),
                                            each.id(),
                                            failure);
                                    return Future.succeededFuture();
                                }));
                    }
                    return done;
                }));
    }

    // A direct tenant can only be put when its provider is there.
    private static List<SourceSubscription> providersFirst(List<SourceSubscription> found) {
        Map<SubscriptionId, SubscriptionId> providers = found.stream()
                .collect(Collectors.toMap(SourceSubscription::id, SourceSubscription::provider, (one, twice) -> one));
        return found.stream()
                .sorted(Comparator.comparing(each -> levels(each.id(), providers)))
                .toList();
    }

    // However a source's providers may go round in a circle.
    private static int levels(SubscriptionId id, Map<SubscriptionId, SubscriptionId> providers) {
        int levels = 0;
        for (SubscriptionId at = id; levels <= providers.size(); levels++) {
            SubscriptionId provider = providers.get(at);
            if (provider == null || provider.equals(at)) {
                break;
            }
            at = provider;
        }
        return levels;
    }

    private Future<Void> put(SourceSubscription found, Subscription known, long registrationId) {
        Subscription wanted = new Subscription(
                found.id(),
                found.tenant(),
                found.displayName(),
                found.owner(),
                found.state(),
                provider(found),
                registrationId);
        // Who operates this gateway is not for a source to say.
        if (wanted.equals(known) || found.id().equals(operatorSubscription)) {
            return Future.succeededFuture();
        }
        return registrations.isCspSubscription(found.id()).compose(pays -> {
            if (pays) {
                LOG.warn(
                        "{} has the subscription {}, which is the id of a CSP subscription here: it is left out",
                        config.name(),
                        found.id());
                return Future.succeededFuture();
            }
            Future<Boolean> put =
                    isOthers(known, registrationId) ? Future.succeededFuture(false) : subscriptions.put(wanted, actor);
            return put.map(done -> {
                if (!done) {
                    LOG.warn(
                            "{} says that subscription {} belongs to tenant {} and provider {}, here it belongs to others,"
                                    + " or to another registration: it is left as it is",
                            config.name(),
                            found.id(),
                            found.tenant(),
                            wanted.providerSubscription());
                }
                return null;
            });
        });
    }

    private static boolean isOthers(Subscription known, long registrationId) {
        return known != null && known.registrationId() != null && known.registrationId() != registrationId;
    }

    private SubscriptionId provider(SourceSubscription found) {
        return config.origin() instanceof Stamp stamp && found.provider().equals(stamp.operatorSubscription())
                ? operatorSubscription
                : found.provider();
    }
}
