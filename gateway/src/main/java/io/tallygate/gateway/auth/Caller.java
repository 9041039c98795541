package io.tallygate.gateway.auth;

import io.tallygate.gateway.http.ApiError;
import io.tallygate.store.Viewer;
import io.tallygate.store.directory.TenantId;
import io.vertx.ext.web.RoutingContext;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;

/**
 * Who calls, as a verified access token says. It is built from claims and never holds the token.
 *
 * @param tenantId the directory tenant, the token's {@code tid}
 * @param subject what the audit shows: {@code oid}, else {@code sub}, else {@code appid}, {@code azp} or
 *     {@code client_id}
 * @param roles what it may do; outside the operator's tenant all but {@link Role#USAGE_READ} are dropped here
 * @param operator whether its tenant is the operator's
 */
public record Caller(TenantId tenantId, String subject, Set<Role> roles, boolean operator) {
    private static final String KEY = Caller.class.getName();
    private static final Set<Role> SEES_OTHERS =
            Set.of(Role.USAGE_READ_ALL, Role.USAGE_READ_ROUTED, Role.REGISTRATION_READ_WRITE);

    /** Drops the roles that do not count for the caller's tenant. */
    public Caller {
        Objects.requireNonNull(tenantId, "tenantId");
        Objects.requireNonNull(subject, "subject");
        EnumSet<Role> counted = EnumSet.noneOf(Role.class);
        counted.addAll(roles);
        if (!operator) {
            counted.retainAll(EnumSet.of(Role.USAGE_READ));
        }
        roles = Collections.unmodifiableSet(counted);
    }

    /** Whether it has the role (and the role counts in its tenant). */
    public boolean has(Role role) {
        return roles.contains(role);
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
            throw ApiError.AuthenticationFailed.because("The request has no authenticated caller.");
        }
        return caller;
    }

    void putOn(RoutingContext context) {
        context.put(KEY, this);
    }
}
