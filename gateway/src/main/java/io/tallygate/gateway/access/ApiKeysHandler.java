package io.tallygate.gateway.access;

import io.tallygate.gateway.auth.Actors;
import io.tallygate.gateway.auth.ApiKeyTexts;
import io.tallygate.gateway.auth.Caller;
import io.tallygate.gateway.auth.Role;
import io.tallygate.gateway.http.Answer;
import io.tallygate.gateway.http.ApiError;
import io.tallygate.gateway.http.ApiException;
import io.tallygate.gateway.http.JsonFields;
import io.tallygate.gateway.http.PageLink;
import io.tallygate.gateway.http.QueryParameters;
import io.tallygate.gateway.http.WireUuid;
import io.tallygate.gateway.usage.TenantScopes;
import io.tallygate.routing.grant.GrantStore;
import io.tallygate.store.access.ApiKey;
import io.tallygate.store.access.ApiKeyStore;
import io.tallygate.store.access.KeyLimit;
import io.tallygate.store.access.KeyOutcome;
import io.tallygate.store.access.NewApiKey;
import io.tallygate.store.directory.SubscriptionId;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * {@code /apiKeys}: keys for tools that cannot send a token. A key reads what its maker reads, of the subscriptions that it
 * names; its text is in the answer that makes it and nowhere else.
 */
public final class ApiKeysHandler {
    private static final int PAGE = 100;
    private static final int MAX_NAME = 100;
    private static final int MAX_SUBSCRIPTIONS = 100;
    private static final Duration USUAL_LIFE = Duration.ofDays(90);
    private static final Duration LONGEST_LIFE = Duration.ofDays(366);

    private final ApiKeyStore keys;
    private final ApiKeyTexts texts;
    private final TenantScopes scopes;
    private final GrantStore grants;
    private final PageLink pages;
    private final Clock clock;

    /** Keeps keys in the store; {@code scopes} say what a maker may read, {@code grants} what others may know. */
    public ApiKeysHandler(
            ApiKeyStore keys, ApiKeyTexts texts, TenantScopes scopes, GrantStore grants, PageLink pages, Clock clock) {
        this.keys = keys;
        this.texts = texts;
        this.scopes = scopes;
        this.grants = grants;
        this.pages = pages;
        this.clock = clock;
    }

    /** {@code POST /apiKeys {"displayName", "subscriptions": […], "expiresAt"?}}: 201, with the {@code key} itself. */
    public Future<Answer> create(RoutingContext ctx) {
        if (!texts.enabled()) {
            throw ApiError.ApiKeysNotEnabled.because(
                    "This gateway makes no API keys: its operator must set `apiKeys.secret` first");
        }
        Caller maker = Caller.of(ctx);
        ApiKeyTexts.Fresh fresh = texts.make();
        NewApiKey key = asked(ctx, maker, fresh);
        return readable(maker, key.subscriptions())
                .compose(readable -> keys.create(key, Actors.of(ctx)))
                .map(outcome -> Answer.json(201, json(made(outcome)).put("key", fresh.text())));
    }

    private static ApiKey made(KeyOutcome outcome) {
        if (outcome.reached() == KeyLimit.ACTIVE) {
            throw ApiError.Conflict.because("Your tenant has " + KeyLimit.ACTIVE.most()
                    + " active API keys, as many as it may have: revoke one that is not needed, or let it expire");
        }
        if (outcome.reached() == KeyLimit.A_DAY) {
            throw ApiError.Conflict.because("Your tenant made " + KeyLimit.A_DAY.most()
                    + " API keys in the last 24 hours, as many as it may: make this one tomorrow");
        }
        return outcome.key();
    }

    /**
     * {@code GET /apiKeys}: those of the caller's tenant that read no more than it does itself; everyone's for an operator. In
     * order of their ids.
     */
    public Future<Answer> list(RoutingContext ctx) {
        Caller caller = Caller.of(ctx);
        UUID after = new QueryParameters(ctx.queryParams())
                .only("after")
                .uuid("after")
                .orElse(null);
        Future<List<ApiKey>> found = seesAll(caller)
                ? keys.all(caller.viewer(), after, PAGE + 1)
                : keys.ofTenant(caller.viewer(), caller.tenantId(), readRoles(caller), after, PAGE + 1);
        return found.compose(page -> shown(caller, page))
                .map(page ->
                        pages.page(ctx, page, PAGE, this::json, key -> key.id().toString()));
    }

    /** {@code GET /apiKeys/{id}}. */
    public Future<Answer> get(RoutingContext ctx) {
        Caller caller = Caller.of(ctx);
        return visible(ctx, seesAll(caller))
                .compose(key -> shown(caller, List.of(key)))
                .map(keys -> Answer.ok(json(keys.get(0))));
    }

    /** {@code DELETE /apiKeys/{id}}: revokes it; 204, also if it is revoked already. */
    public Future<Answer> revoke(RoutingContext ctx) {
        return visible(ctx, Caller.of(ctx).has(Role.REGISTRATION_READ_WRITE))
                .compose(key -> keys.revoke(key.id(), Actors.of(ctx)))
                .map(revoked -> Answer.empty(204));
    }

    private NewApiKey asked(RoutingContext ctx, Caller maker, ApiKeyTexts.Fresh fresh) {
        JsonFields body = JsonFields.body(ctx).only("displayName", "subscriptions", "expiresAt");
        String name = body.text("displayName", MAX_NAME)
                .filter(text -> !text.isBlank())
                .orElseThrow(() -> body.missing("displayName", "what the key is for"));
        Set<SubscriptionId> subscriptions = new LinkedHashSet<>();
        body.uuids("subscriptions", MAX_SUBSCRIPTIONS).forEach(id -> subscriptions.add(new SubscriptionId(id)));
        return new NewApiKey(
                fresh.id(),
                fresh.hash(),
                fresh.madeUnder(),
                maker.tenantId(),
                name,
                subscriptions,
                readRoles(maker),
                expiresAt(body));
    }

    private Instant expiresAt(JsonFields body) {
        Instant now = clock.instant();
        Instant asked = body.time("expiresAt").orElse(now.plus(USUAL_LIFE));
        if (!asked.isAfter(now) || asked.isAfter(now.plus(LONGEST_LIFE))) {
            throw body.wrong("expiresAt", "a time in the next " + LONGEST_LIFE.toDays() + " days");
        }
        return asked;
    }

    // One after the other: a key of a hundred subscriptions must not take all connections.
    private Future<Void> readable(Caller maker, Set<SubscriptionId> subscriptions) {
        Future<Void> all = Future.succeededFuture();
        for (SubscriptionId subscription : subscriptions) {
            all = all.compose(before -> scopes.of(maker, subscription)).mapEmpty();
        }
        return all;
    }

    private Future<ApiKey> visible(RoutingContext ctx, boolean everyones) {
        UUID id = WireUuid.require(ctx.pathParam("id"), "id");
        Caller caller = Caller.of(ctx);
        return keys.find(caller.viewer(), id).map(key -> {
            if (key == null || !(everyones || isOwn(key, caller))) {
                throw absent();
            }
            return key;
        });
    }

    // What a colleague alone was granted is not for everyone of the tenant.
    private Future<List<ApiKey>> shown(Caller caller, List<ApiKey> found) {
        if (seesAll(caller)) {
            return Future.succeededFuture(found);
        }
        Set<SubscriptionId> named = new LinkedHashSet<>();
        found.forEach(key -> named.addAll(key.subscriptions()));
        return grants.ofOthersAlone(caller.tenantId(), caller.principal(), named)
                .map(hidden -> found.stream().map(key -> key.without(hidden)).toList());
    }

    // Whoever reads less must not learn from a key what there is to read.
    private static boolean isOwn(ApiKey key, Caller caller) {
        return key.tenant().equals(caller.tenantId()) && readRoles(caller).containsAll(key.roles());
    }

    private static List<String> readRoles(Caller caller) {
        return caller.roles().stream()
                .filter(Role.READING::contains)
                .map(Role::claimValue)
                .toList();
    }

    private static boolean seesAll(Caller caller) {
        return caller.has(Role.USAGE_READ_ALL) || caller.has(Role.REGISTRATION_READ_WRITE);
    }

    private static ApiException absent() {
        return ApiError.ResourceNotFound.because("There is no API key of this id");
    }

    private JsonObject json(ApiKey key) {
        JsonArray subscriptions = new JsonArray();
        key.subscriptions().forEach(subscription -> subscriptions.add(subscription.toString()));
        return new JsonObject()
                .put("id", key.id().toString())
                .put("displayName", key.displayName())
                .put("tenantId", key.tenant().toString())
                .put("subscriptions", subscriptions)
                .put("roles", new JsonArray(key.roles()))
                .put("state", state(key))
                .put("secret", secret(key))
                .put("createdAt", key.createdAt().toString())
                .put("createdBy", key.createdBy())
                .put("expiresAt", key.expiresAt().toString())
                .put("lastUsedAt", text(key.lastUsedAt()))
                .put("revokedAt", text(key.revokedAt()))
                .put("revokedBy", key.revokedBy());
    }

    private String state(ApiKey key) {
        if (key.revokedAt() != null) {
            return "revoked";
        }
        return clock.instant().isBefore(key.expiresAt()) ? "active" : "expired";
    }

    // Tells when a previous secret can go: when no active key needs it.
    private String secret(ApiKey key) {
        if (texts.isCurrent(key.madeUnder())) {
            return "current";
        }
        return texts.takes(key.madeUnder()) ? "previous" : "retired";
    }

    private static String text(Instant time) {
        return time == null ? null : time.toString();
    }
}
