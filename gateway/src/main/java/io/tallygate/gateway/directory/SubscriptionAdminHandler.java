package io.tallygate.gateway.directory;

import io.tallygate.gateway.auth.Actors;
import io.tallygate.gateway.http.Answer;
import io.tallygate.gateway.http.ApiError;
import io.tallygate.gateway.http.JsonFields;
import io.tallygate.gateway.http.RefusalReason;
import io.tallygate.gateway.http.WireUuid;
import io.tallygate.routing.registration.Registration;
import io.tallygate.routing.registration.RegistrationStore;
import io.tallygate.store.directory.Subscription;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.SubscriptionStore;
import io.tallygate.store.directory.TenantId;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
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
    private final RegistrationStore registrations;
    private final SubscriptionId operatorSubscription;

    private record Wanted(Subscription before, SubscriptionId id, JsonFields body) {}

    /** Works on the given stores, under the path of the default provider subscription. */
    public SubscriptionAdminHandler(
            SubscriptionStore subscriptions, RegistrationStore registrations, SubscriptionId operatorSubscription) {
        this.subscriptions = subscriptions;
        this.registrations = registrations;
        this.operatorSubscription = operatorSubscription;
    }

    /** {@code GET …/subscriptions}. */
    public Future<Answer> list(RoutingContext ctx) {
        requireOperatorPath(ctx);
        return Future.all(subscriptions.all(), registrations.all()).map(both -> {
            Map<Long, Registration> byId = byId(both.resultAt(1));
            JsonArray value = new JsonArray();
            both.<List<Subscription>>resultAt(0).forEach(found -> value.add(json(found, byId)));
            return Answer.ok(new JsonObject().put("value", value));
        });
    }

    /** {@code GET …/subscriptions/{id}}. */
    public Future<Answer> get(RoutingContext ctx) {
        requireOperatorPath(ctx);
        return Future.all(subscriptions.find(id(ctx)), registrations.all()).map(both -> {
            if (both.resultAt(0) == null) {
                throw ApiError.ResourceNotFound.because("There is no such subscription");
            }
            return Answer.ok(json(both.resultAt(0), byId(both.resultAt(1))));
        });
    }

    /**
     * {@code PUT …/subscriptions/{id}}: what the body leaves out stays as it is, or gets its default: the operator's own
     * provider subscription, the only registration, state Enabled.
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
                .compose(before -> wanted(new Wanted(before, id, body)))
                .compose(wanted -> subscriptions.put(wanted, Actors.of(ctx)))
                .compose(done -> {
                    if (!done) {
                        throw ApiError.Conflict.because(
                                "`tenantId` and `delegatedProviderSubscriptionId` of a subscription never change: what it used before would"
                                        + " change hands");
                    }
                    return get(ctx);
                });
    }

    private Future<Subscription> wanted(Wanted asked) {
        return Future.all(provider(asked), registration(asked)).map(both -> {
            JsonFields body = asked.body();
            Subscription before = asked.before();
            UUID tenant = body.uuid("tenantId")
                    .or(() -> Optional.ofNullable(before).map(b -> b.tenant().value()))
                    .orElseThrow(() -> body.missing("tenantId", "the UUID of the tenant that it belongs to"));
            return new Subscription(
                    asked.id(),
                    new TenantId(tenant),
                    body.text("displayName", MAX_TEXT)
                            .orElse(before == null ? asked.id().toString() : before.displayName()),
                    body.text("owner", MAX_TEXT).orElse(before == null ? "" : before.owner()),
                    body.oneOf("state", Subscription.State.class)
                            .orElse(before == null ? Subscription.State.Enabled : before.state()),
                    both.resultAt(0),
                    both.resultAt(1));
        });
    }

    private Future<SubscriptionId> provider(Wanted asked) {
        Optional<SubscriptionId> given =
                asked.body().uuid("delegatedProviderSubscriptionId").map(SubscriptionId::new);
        if (given.isEmpty() || given.get().equals(asked.id())) {
            SubscriptionId before = asked.before() == null
                    ? operatorSubscription
                    : asked.before().providerSubscription();
            return Future.succeededFuture(given.orElse(before));
        }
        return subscriptions.find(given.get()).map(provider -> {
            if (provider == null) {
                throw asked.body()
                        .wrong("delegatedProviderSubscriptionId", "the id of a subscription that this gateway knows");
            }
            return provider.id();
        });
    }

    private Future<Long> registration(Wanted asked) {
        return asked.body()
                .text("registrationId", MAX_REFERENCE)
                .map(reference -> registrations.findByReference(reference).map(found -> only(asked, found)))
                .orElseGet(() -> asked.before() != null
                        ? Future.succeededFuture(asked.before().registrationId())
                        : registrations.all().map(all -> byDefault(asked, all)));
    }

    private static Long only(Wanted asked, List<Registration> found) {
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

    private Long byDefault(Wanted asked, List<Registration> all) {
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

    private static Map<Long, Registration> byId(List<Registration> registrations) {
        return registrations.stream()
                .collect(Collectors.toMap(Registration::registrationId, registration -> registration));
    }

    private JsonObject json(Subscription subscription, Map<Long, Registration> registrations) {
        Registration registration = registrations.get(subscription.registrationId());
        return new JsonObject()
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
    }
}
