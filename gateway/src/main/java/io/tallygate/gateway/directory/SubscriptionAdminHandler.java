package io.tallygate.gateway.directory;

import io.tallygate.gateway.auth.Actors;
import io.tallygate.gateway.http.Answer;
import io.tallygate.gateway.http.ApiError;
import io.tallygate.gateway.http.ApiException;
import io.tallygate.gateway.http.JsonFields;
import io.tallygate.gateway.http.RefusalReason;
import io.tallygate.gateway.http.WireTime;
import io.tallygate.gateway.http.WireUuid;
import io.tallygate.routing.registration.Registration;
import io.tallygate.routing.registration.RegistrationStore;
import io.tallygate.store.aggregate.AggregationGranularity;
import io.tallygate.store.directory.ProviderStore;
import io.tallygate.store.directory.ScheduledProvider;
import io.tallygate.store.directory.Subscription;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.SubscriptionOutcome;
import io.tallygate.store.directory.SubscriptionStore;
import io.tallygate.store.directory.TenantId;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * {@code Microsoft.Subscriptions.Admin/subscriptions}: the operator's list of local subscriptions, as
 * {@code Usagesummary.ps1} reads it, deleted ones too; and their upkeep.
 */
public final class SubscriptionAdminHandler {
    private static final int MAX_TEXT = 256;
    private static final int MAX_REFERENCE = 1024;

    private final SubscriptionStore subscriptions;
    private final ProviderStore providers;
    private final RegistrationStore registrations;
    private final SubscriptionId operatorSubscription;

    private record Asked(Subscription before, SubscriptionId id, JsonFields body) {}

    private record Put(Subscription subscription, Instant from) {}

    /** What goes with a subscription where it is shown. */
    private record Known(Map<Long, Registration> registrations, Map<SubscriptionId, ScheduledProvider> scheduled) {}

    /** Works on the given stores, under the path of the default provider subscription. */
    public SubscriptionAdminHandler(
            SubscriptionStore subscriptions,
            ProviderStore providers,
            RegistrationStore registrations,
            SubscriptionId operatorSubscription) {
        this.subscriptions = subscriptions;
        this.providers = providers;
        this.registrations = registrations;
        this.operatorSubscription = operatorSubscription;
    }

    /** {@code GET …/subscriptions}. */
    public Future<Answer> list(RoutingContext ctx) {
        requireOperatorPath(ctx);
        return Future.all(subscriptions.all(), known()).map(both -> {
            Known known = both.resultAt(1);
            JsonArray value = new JsonArray();
            both.<List<Subscription>>resultAt(0).forEach(found -> value.add(json(found, known)));
            return Answer.ok(new JsonObject().put("value", value));
        });
    }

    /** {@code GET …/subscriptions/{id}}. */
    public Future<Answer> get(RoutingContext ctx) {
        requireOperatorPath(ctx);
        return Future.all(subscriptions.find(id(ctx)), known()).map(both -> {
            if (both.resultAt(0) == null) {
                throw ApiError.ResourceNotFound.because("There is no such subscription");
            }
            return Answer.ok(json(both.resultAt(0), both.resultAt(1)));
        });
    }

    /**
     * {@code PUT …/subscriptions/{id}}: what the body leaves out stays as it is, or gets its default: the operator's own
     * provider subscription, the only registration, state Enabled. To another provider it moves with the first UTC midnight
     * possible, or with that of {@code effectiveFrom}.
     */
    public Future<Answer> put(RoutingContext ctx) {
        requireOperatorPath(ctx);
        SubscriptionId id = id(ctx);
        JsonFields body = JsonFields.body(ctx);
        body.uuid("subscriptionId").ifPresent(inBody -> {
            if (!inBody.equals(id.value())) {
                throw body.wrong("subscriptionId", "the id that is in the path");
            }
        });
        return registrations
                .isCspSubscription(id)
                .compose(isCsp -> {
                    if (isCsp) {
                        throw ApiError.Conflict.because(
                                "This id is that of a CSP subscription: it cannot be a local one");
                    }
                    return subscriptions.find(id);
                })
                .compose(before -> wanted(new Asked(before, id, body)))
                .compose(wanted -> subscriptions.put(wanted.subscription(), wanted.from(), Actors.of(ctx)))
                .compose(outcome -> {
                    if (!outcome.isDone()) {
                        throw refusal(outcome);
                    }
                    return get(ctx);
                });
    }

    private static ApiException refusal(SubscriptionOutcome outcome) {
        return switch (outcome.kind()) {
            case BelongsToAnother ->
                ApiError.Conflict.because(
                        "`tenantId` of a subscription never changes: what it used before would change hands");
            case MovesTooEarly ->
                ApiError.InvalidProperty.because("`effectiveFrom` must be "
                        + WireTime.format(outcome.earliest())
                        + " or a later midnight in UTC: what is or may be sealed stays with the provider that it has");
            case ProviderIsBelow ->
                ApiError.Conflict.because(
                        "`delegatedProviderSubscriptionId` is below this subscription itself, at that time or later");
            case Done -> throw new IllegalArgumentException("Not a refusal: " + outcome);
        };
    }

    private Future<Put> wanted(Asked asked) {
        Instant from = from(asked);
        return Future.all(provider(asked), registration(asked)).map(both -> {
            JsonFields body = asked.body();
            Subscription before = asked.before();
            UUID tenant = body.uuid("tenantId")
                    .or(() -> Optional.ofNullable(before).map(b -> b.tenant().value()))
                    .orElseThrow(() -> body.missing("tenantId", "the UUID of the tenant that it belongs to"));
            Subscription subscription = new Subscription(
                    asked.id(),
                    new TenantId(tenant),
                    body.text("displayName", MAX_TEXT)
                            .orElse(before == null ? asked.id().toString() : before.displayName()),
                    body.text("owner", MAX_TEXT).orElse(before == null ? "" : before.owner()),
                    body.oneOf("state", Subscription.State.class)
                            .orElse(before == null ? Subscription.State.Enabled : before.state()),
                    both.resultAt(0),
                    both.resultAt(1));
            return new Put(subscription, from);
        });
    }

    private static Instant from(Asked asked) {
        JsonFields body = asked.body();
        Instant from = body.time("effectiveFrom").orElse(null);
        if (from == null) {
            return null;
        }
        if (!AggregationGranularity.Daily.isBoundary(from)) {
            throw body.wrong("effectiveFrom", "a midnight in UTC, as 2026-11-20T00:00:00Z");
        }
        if (asked.before() == null) {
            throw body.wrong("effectiveFrom", "nothing: a new subscription has its provider from the beginning");
        }
        if (body.uuid("delegatedProviderSubscriptionId").isEmpty()) {
            throw body.missing("delegatedProviderSubscriptionId", "the provider subscription that it moves to");
        }
        return from;
    }

    private Future<SubscriptionId> provider(Asked asked) {
        Optional<SubscriptionId> given =
                asked.body().uuid("delegatedProviderSubscriptionId").map(SubscriptionId::new);
        if (given.isEmpty() || given.get().equals(asked.id())) {
            SubscriptionId before = asked.before() == null
                    ? operatorSubscription
                    : asked.before().providerSubscription();
            return Future.succeededFuture(given.orElse(before));
        }
        if (asked.id().equals(operatorSubscription)) {
            throw asked.body()
                    .wrong("delegatedProviderSubscriptionId", "itself: it is the default provider subscription");
        }
        return subscriptions.find(given.get()).map(provider -> {
            if (provider == null) {
                throw asked.body()
                        .wrong("delegatedProviderSubscriptionId", "the id of a subscription that this gateway knows");
            }
            return provider.id();
        });
    }

    private Future<Long> registration(Asked asked) {
        return asked.body()
                .text("registrationId", MAX_REFERENCE)
                .map(reference -> registrations.findByReference(reference).map(found -> only(asked, found)))
                .orElseGet(() -> asked.before() != null
                        ? Future.succeededFuture(asked.before().registrationId())
                        : registrations.all().map(all -> byDefault(asked, all)));
    }

    private static Long only(Asked asked, List<Registration> found) {
        if (found.size() != 1) {
            throw asked.body()
                    .wrong(
                            "registrationId",
                            found.isEmpty()
                                    ? "the resource id or the name of a registration that exists"
                                    : "the resource id: several registrations have this name");
        }
        return found.get(0).registrationId();
    }

    private Long byDefault(Asked asked, List<Registration> all) {
        if (all.size() > 1) {
            throw asked.body().missing("registrationId", "a resource id, since there are several registrations");
        }
        return all.isEmpty() || asked.id().equals(operatorSubscription)
                ? null
                : all.get(0).registrationId();
    }

    private void requireOperatorPath(RoutingContext ctx) {
        boolean own = WireUuid.parse(ctx.pathParam("subscription"))
                .filter(operatorSubscription.value()::equals)
                .isPresent();
        if (!own) {
            throw ApiError.AuthorizationFailed.because(
                    RefusalReason.NOT_YOURS,
                    "The subscription in the path is not the operator's, or it does not exist");
        }
    }

    private static SubscriptionId id(RoutingContext ctx) {
        return new SubscriptionId(WireUuid.require(ctx.pathParam("id"), "subscriptionId"));
    }

    private Future<Known> known() {
        return Future.all(registrations.all(), providers.scheduled())
                .map(both -> new Known(
                        both.<List<Registration>>resultAt(0).stream()
                                .collect(Collectors.toMap(Registration::registrationId, registration -> registration)),
                        both.resultAt(1)));
    }

    private JsonObject json(Subscription subscription, Known known) {
        Registration registration = known.registrations().get(subscription.registrationId());
        ScheduledProvider scheduled = known.scheduled().get(subscription.id());
        JsonObject json = new JsonObject()
                .put(
                        "id",
                        "/subscriptions/" + operatorSubscription
                                + "/providers/Microsoft.Subscriptions.Admin/subscriptions/" + subscription.id())
                .put("subscriptionId", subscription.id().toString())
                .put("displayName", subscription.displayName())
                .put("owner", subscription.owner())
                .put("tenantId", subscription.tenant().toString())
                .put("state", subscription.state().name())
                .put(
                        "delegatedProviderSubscriptionId",
                        subscription.providerSubscription().toString())
                .put("registrationId", registration == null ? null : registration.resourceId());
        return scheduled == null ? json : json.put("scheduled", json(scheduled));
    }

    private static JsonObject json(ScheduledProvider scheduled) {
        return new JsonObject()
                .put("delegatedProviderSubscriptionId", scheduled.provider().toString())
                .put("effectiveFrom", WireTime.format(scheduled.from()));
    }
}
