package io.tallygate.gateway.auth;

import io.tallygate.gateway.http.ApiError;
import io.tallygate.gateway.http.RefusalReason;
import io.tallygate.store.Viewer;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import io.vertx.ext.web.RoutingContext;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Who calls, as a verified access token or API key says. It never holds the token or the key.
 *
 * @param tenantId the directory tenant, the token's {@code tid}
 * @param subject what the audit shows: {@code oid}, else {@code sub}, else {@code appid}, {@code azp} or
 *     {@code client_id}; of a key {@code key:} and its id
 * @param roles what it may do; outside the operator's tenant all but {@link Role#USAGE_READ} are dropped here
 * @param operator whether its tenant is the operator's
 * @param key what it is restricted to, if it calls with an API key
 */
public record Caller(TenantId tenantId, String subject, Set<Role> roles, boolean operator, Optional<ApiKeyScope> key) {
    private static final String KEY = Caller.class.getName();
    private static final Set<Role> SEES_OTHERS =
            Set.of(Role.USAGE_READ_ALL, Role.USAGE_READ_ROUTED, Role.REGISTRATION_READ_WRITE);

    private static final Set<Role> OPERATES = Set.copyOf(EnumSet.complementOf(EnumSet.of(Role.USAGE_READ)));

    /** Drops the roles that do not count for the caller's tenant. */
    public Caller {
        Objects.requireNonNull(tenantId, "tenantId");
        Objects.requireNonNull(subject, "subject");
        EnumSet<Role> counted = EnumSet.noneOf(Role.class);
        counted.addAll(roles);
        if (!operator) {
            counted.retainAll(EnumSet.of(Role.USAGE_READ));
        }
        if (key.isPresent()) {
            counted.retainAll(Role.READING);
        }
        roles = Collections.unmodifiableSet(counted);
    }

    /** Who calls with a token. */
    public Caller(TenantId tenantId, String subject, Set<Role> roles, boolean operator) {
        this(tenantId, subject, roles, operator, Optional.empty());
    }

    /** Who calls with an API key: it only reads, whatever roles are given. */
    static Caller ofKey(TenantId tenantId, ApiKeyScope key, Set<Role> roles, boolean operator) {
        return new Caller(tenantId, "key:" + key.id(), roles, operator, Optional.of(key));
    }

    /** Whether it may name a subscription at all; whether it may read it is another question. */
    public boolean mayName(SubscriptionId subscription) {
        return key.isEmpty() || key.get().subscriptions().contains(subscription);
    }

    /** The subject that grants are made to: of a key its maker. */
    public String principal() {
        return key.map(ApiKeyScope::maker).orElse(subject);
    }

    /** Whether it has the role (and the role counts in its tenant). */
    public boolean has(Role role) {
        return roles.contains(role);
    }

    /**
     * Whether it does the operator's work: with a token of the operator's tenant and a role that counts nowhere else. An
     * API key, or who may only read its own usage, does not.
     */
    public boolean operates() {
        return operator && key.isEmpty() && roles.stream().anyMatch(OPERATES::contains);
    }

    /**
     * Who looks, for the second wall: the operator, where a role lets it see what is not its own tenant's; else its
     * tenant.
     */
    public Viewer viewer() {
        return roles.stream().anyMatch(SEES_OTHERS::contains) ? Viewer.operator() : Viewer.ofTenant(tenantId.value());
    }

    /**
     * The caller that {@link CallerHandler} put on the context.
     *
     * @throws io.tallygate.gateway.http.ApiException {@link ApiError#AuthenticationFailed} if there is none: whoever
     *     mounts a route without the handler gets a closed route, not an open one
     */
    public static Caller of(RoutingContext context) {
        Caller caller = context.get(KEY);
        if (caller == null) {
            throw ApiError.AuthenticationFailed.because(
                    RefusalReason.NO_CREDENTIAL, "The request has no authenticated caller.");
        }
        return caller;
    }

    /** The caller on the context, if there is one: there is none before it is known, or where nobody asks. */
    public static Optional<Caller> find(RoutingContext context) {
        return Optional.ofNullable(context.get(KEY));
    }

    void putOn(RoutingContext context) {
        context.put(KEY, this);
    }
}
