package io.tallygate.gateway.access;

import io.tallygate.gateway.auth.Actors;
import io.tallygate.gateway.http.Answer;
import io.tallygate.gateway.http.ApiError;
import io.tallygate.gateway.http.ApiException;
import io.tallygate.gateway.http.JsonFields;
import io.tallygate.gateway.http.PageLink;
import io.tallygate.gateway.http.QueryParameters;
import io.tallygate.gateway.http.WireUuid;
import io.tallygate.routing.grant.GrantOutcome;
import io.tallygate.routing.grant.GrantStore;
import io.tallygate.routing.grant.NewGrant;
import io.tallygate.routing.grant.UsageGrant;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.UUID;

/** {@code /grants}: lets a tenant, or one subject of it, read what is routed to customer subscriptions. */
public final class GrantsHandler {
    private static final int PAGE = 100;
    private static final int MAX_SUBSCRIPTIONS = 100;
    private static final int MAX_SUBJECT = 256;
    private static final int MAX_REASON = 1000;

    private final GrantStore grants;
    private final PageLink pages;
    private final Clock clock;

    /** Keeps grants in the store. */
    public GrantsHandler(GrantStore grants, PageLink pages, Clock clock) {
        this.grants = grants;
        this.pages = pages;
        this.clock = clock;
    }

    /** {@code POST /grants {"tenantId", "subject"?, "customerSubscriptions": […], "reason", "expiresAt"?}}: 201. */
    public Future<Answer> create(RoutingContext ctx) {
        return grants.create(asked(ctx), Actors.of(ctx)).map(outcome -> Answer.json(201, json(made(outcome))));
    }

    /** {@code GET /grants?tenant}: those that are revoked or over too, in order of their ids. */
    public Future<Answer> list(RoutingContext ctx) {
        QueryParameters query = new QueryParameters(ctx.queryParams()).only("tenant", "after");
        TenantId tenant = query.uuid("tenant").map(TenantId::new).orElse(null);
        return grants.list(tenant, query.uuid("after").orElse(null), PAGE + 1)
                .map(page -> pages.page(
                        ctx, page, PAGE, this::json, grant -> grant.id().toString()));
    }

    /** {@code GET /grants/{id}}. */
    public Future<Answer> get(RoutingContext ctx) {
        return grants.find(id(ctx)).map(grant -> Answer.ok(json(present(grant))));
    }

    /** {@code DELETE /grants/{id}}: revokes it; 204, also if it is revoked already. */
    public Future<Answer> revoke(RoutingContext ctx) {
        return grants.revoke(id(ctx), Actors.of(ctx)).map(grant -> {
            present(grant);
            return Answer.empty(204);
        });
    }

    private NewGrant asked(RoutingContext ctx) {
        JsonFields body =
                JsonFields.body(ctx).only("tenantId", "subject", "customerSubscriptions", "reason", "expiresAt");
        TenantId tenant = body.uuid("tenantId")
                .map(TenantId::new)
                .orElseThrow(() -> body.missing("tenantId", "the directory tenant that may read"));
        Set<SubscriptionId> subscriptions = new LinkedHashSet<>();
        body.uuids("customerSubscriptions", MAX_SUBSCRIPTIONS).forEach(id -> subscriptions.add(new SubscriptionId(id)));
        String reason = body.text("reason", MAX_REASON)
                .filter(text -> !text.isBlank())
                .orElseThrow(() -> body.missing("reason", "why they may read it"));
        return new NewGrant(UUID.randomUUID(), tenant, subject(body), subscriptions, reason, expiresAt(body));
    }

    // A blank one is a mistake, which must not mean everyone.
    private static String subject(JsonFields body) {
        String subject = body.text("subject", MAX_SUBJECT).orElse(null);
        if (subject != null && subject.isBlank()) {
            throw body.wrong("subject", "a user or application as its tokens name it, or nothing for the whole tenant");
        }
        return subject;
    }

    private Instant expiresAt(JsonFields body) {
        Instant asked = body.time("expiresAt").orElse(null);
        if (asked != null && !asked.isAfter(clock.instant())) {
            throw body.wrong("expiresAt", "a time in the future");
        }
        return asked;
    }

    private static UsageGrant made(GrantOutcome outcome) {
        if (outcome.grant() == null) {
            throw ApiError.InvalidProperty.because("`customerSubscriptions` holds " + outcome.notGrantable()
                    + ", which never was a customer subscription, or is a registration's own: what nobody is mapped to"
                    + " goes there");
        }
        return outcome.grant();
    }

    private static UUID id(RoutingContext ctx) {
        return WireUuid.require(ctx.pathParam("id"), "id");
    }

    private static UsageGrant present(UsageGrant grantOrNull) {
        if (grantOrNull == null) {
            throw absent();
        }
        return grantOrNull;
    }

    private static ApiException absent() {
        return ApiError.ResourceNotFound.because("There is no grant of this id");
    }

    private JsonObject json(UsageGrant grant) {
        JsonArray subscriptions = new JsonArray();
        grant.customerSubscriptions().forEach(subscription -> subscriptions.add(subscription.toString()));
        return new JsonObject()
                .put("id", grant.id().toString())
                .put("tenantId", grant.tenant().toString())
                .put("subject", grant.subject())
                .put("customerSubscriptions", subscriptions)
                .put("reason", grant.reason())
                .put("state", state(grant))
                .put("createdAt", grant.createdAt().toString())
                .put("createdBy", grant.createdBy())
                .put("expiresAt", text(grant.expiresAt()))
                .put("revokedAt", text(grant.revokedAt()))
                .put("revokedBy", grant.revokedBy());
    }

    private String state(UsageGrant grant) {
        if (grant.revokedAt() != null) {
            return "revoked";
        }
        return grant.expiresAt() == null || clock.instant().isBefore(grant.expiresAt()) ? "active" : "expired";
    }

    private static String text(Instant time) {
        return time == null ? null : time.toString();
    }
}
