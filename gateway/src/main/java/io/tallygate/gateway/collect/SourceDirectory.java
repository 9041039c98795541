package io.tallygate.gateway.collect;

import io.tallygate.gateway.collect.SourceOrigin.Stamp;
import io.tallygate.routing.registration.RegistrationStore;
import io.tallygate.store.audit.Actor;
import io.tallygate.store.directory.ProviderStore;
import io.tallygate.store.directory.ScheduledProvider;
import io.tallygate.store.directory.Subscription;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.SubscriptionOutcome;
import io.tallygate.store.directory.SubscriptionStore;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The subscriptions of a source, as it lists them: made known here, in the source's registration, so that their usage leaves
 * quarantine. The direct tenants of its operator are those of ours. Who is another provider's there moves to that one here too,
 * with the next UTC midnight. What would change hands is not changed but told.
 */
public final class SourceDirectory {
    private static final Logger LOG = LoggerFactory.getLogger(SourceDirectory.class);

    private final SourceConfig config;
    private final CollectSource source;
    private final SubscriptionStore subscriptions;
    private final ProviderStore providers;
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
            ProviderStore providers,
            RegistrationStore registrations,
            SubscriptionId operatorSubscription,
            Actor actor) {
        this.config = config;
        this.source = source;
        this.subscriptions = subscriptions;
        this.providers = providers;
        this.registrations = registrations;
        this.operatorSubscription = operatorSubscription;
        this.actor = actor;
    }

    /** Asks the source for its subscriptions, deleted ones too, and puts those that are not so here. */
    public Future<Void> refresh(long registrationId) {
        return source.subscriptions()
                .compose(found -> known().compose(known -> {
                    Future<Void> done = Future.succeededFuture();
                    for (SourceSubscription each : providersFirst(found)) {
                        done = done.compose(before -> put(each, known, registrationId)
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

    /** What is here. */
    private record Known(
            Map<SubscriptionId, Subscription> subscriptions, Map<SubscriptionId, ScheduledProvider> scheduled) {}

    private Future<Known> known() {
        return Future.all(subscriptions.all(), providers.scheduled())
                .map(both -> new Known(
                        both.<List<Subscription>>resultAt(0).stream()
                                .collect(Collectors.toMap(Subscription::id, each -> each)),
                        both.resultAt(1)));
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

    private Future<Void> put(SourceSubscription found, Known here, long registrationId) {
        Subscription known = here.subscriptions().get(found.id());
        Subscription said = new Subscription(
                found.id(),
                found.tenant(),
                found.displayName(),
                found.owner(),
                found.state(),
                provider(found, known),
                registrationId);
        ScheduledProvider scheduled = known == null ? null : here.scheduled().get(found.id());
        boolean isOnItsWay = scheduled != null && scheduled.provider().equals(said.providerSubscription());
        Subscription wanted = isOnItsWay ? said.under(known.providerSubscription()) : said;
        Instant takenBack = takenBack(said, known, scheduled);
        // Who operates this gateway is not for a source to say.
        if ((wanted.equals(known) && takenBack == null) || found.id().equals(operatorSubscription)) {
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
            Future<Boolean> put = isOthers(known, registrationId)
                    ? Future.succeededFuture(false)
                    : subscriptions.put(wanted, takenBack, actor).map(SubscriptionOutcome::isDone);
            return put.map(done -> {
                tell(wanted, known, done);
                return null;
            });
        });
    }

    // A source that changed its mind before midnight; what somebody else scheduled is for that one to take back.
    private Instant takenBack(Subscription said, Subscription known, ScheduledProvider scheduled) {
        return scheduled != null
                        && actor.subject().equals(scheduled.recordedBy())
                        && !scheduled.provider().equals(said.providerSubscription())
                        && known.providerSubscription().equals(said.providerSubscription())
                ? scheduled.from()
                : null;
    }

    private void tell(Subscription wanted, Subscription known, boolean done) {
        if (!done) {
            LOG.warn(
                    "{} says that subscription {} belongs to tenant {} and provider {}, here it belongs to another tenant, or"
                            + " to another registration, or is above that provider: it is left as it is",
                    config.name(),
                    wanted.id(),
                    wanted.tenant(),
                    wanted.providerSubscription());
        } else if (known != null && !known.providerSubscription().equals(wanted.providerSubscription())) {
            LOG.info(
                    "{} says that subscription {} is of provider {} now: with the next UTC midnight it moves from {}",
                    config.name(),
                    wanted.id(),
                    wanted.providerSubscription(),
                    known.providerSubscription());
        }
    }

    private static boolean isOthers(Subscription known, long registrationId) {
        return known != null && known.registrationId() != null && known.registrationId() != registrationId;
    }

    // Other clouds than stamps have no providers: who is whose direct tenant is said here then.
    private SubscriptionId provider(SourceSubscription found, Subscription known) {
        if (config.origin() instanceof Stamp stamp) {
            return found.provider().equals(stamp.operatorSubscription()) ? operatorSubscription : found.provider();
        }
        return known == null ? found.provider() : known.providerSubscription();
    }
}
