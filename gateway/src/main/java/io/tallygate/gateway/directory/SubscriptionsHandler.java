package io.tallygate.gateway.directory;

import io.tallygate.gateway.auth.Caller;
import io.tallygate.gateway.auth.Role;
import io.tallygate.gateway.http.Answer;
import io.tallygate.gateway.http.ApiError;
import io.tallygate.gateway.http.RefusalReason;
import io.tallygate.gateway.http.WireUuid;
import io.tallygate.store.directory.Subscription;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.SubscriptionStore;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/** What sign-in asks for: the caller's subscriptions and its tenant. */
public final class SubscriptionsHandler {
    private final SubscriptionStore subscriptions;

    /** Reads from the given store. */
    public SubscriptionsHandler(SubscriptionStore subscriptions) {
        this.subscriptions = subscriptions;
    }

    /** {@code GET /subscriptions}: the caller's tenant's own, deleted ones left out; of a key those that it names. */
    public Future<Answer> list(RoutingContext ctx) {
        Caller caller = Caller.of(ctx);
        return subscriptions.ofTenant(caller.viewer(), caller.tenantId()).map(all -> {
            JsonArray value = new JsonArray();
            all.stream()
                    .filter(subscription -> subscription.state() != Subscription.State.Deleted)
                    .filter(subscription -> caller.mayName(subscription.id()))
                    .forEach(subscription -> value.add(json(subscription)));
            return Answer.ok(new JsonObject().put("value", value));
        });
    }

    /** {@code GET /subscriptions/{subscription}}: one of the caller's tenant's own, or any for the operator. */
    public Future<Answer> get(RoutingContext ctx) {
        Caller caller = Caller.of(ctx);
        SubscriptionId id = new SubscriptionId(WireUuid.require(ctx.pathParam("subscription"), "subscriptionId"));
        return subscriptions.find(caller.viewer(), id).map(found -> {
            boolean visible = found != null
                    && caller.mayName(id)
                    && (found.tenant().equals(caller.tenantId()) || caller.has(Role.USAGE_READ_ALL));
            if (!visible) {
                throw ApiError.AuthorizationFailed.because(
                        RefusalReason.NOT_YOURS, "You may not read this subscription, or it does not exist");
            }
            return Answer.ok(json(found));
        });
    }

    /** {@code GET /tenants}: the caller's own. */
    public Future<Answer> tenants(RoutingContext ctx) {
        String tenant = Caller.of(ctx).tenantId().toString();
        return Future.succeededFuture(Answer.ok(new JsonObject()
                .put(
                        "value",
                        new JsonArray(List.of(
                                new JsonObject().put("id", "/tenants/" + tenant).put("tenantId", tenant))))));
    }

    private static JsonObject json(Subscription subscription) {
        return new JsonObject()
                .put("id", "/subscriptions/" + subscription.id())
                .put("subscriptionId", subscription.id().toString())
                .put("tenantId", subscription.tenant().toString())
                .put("displayName", subscription.displayName())
                .put("state", subscription.state().name());
    }
}
