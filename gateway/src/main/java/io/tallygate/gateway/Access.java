package io.tallygate.gateway;

import io.tallygate.gateway.auth.Caller;
import io.tallygate.gateway.auth.Role;
import io.tallygate.gateway.http.ApiError;
import io.tallygate.gateway.http.RefusalReason;
import java.util.EnumSet;
import java.util.Set;

/**
 * Who may call a route at all; whose data it then shows is for the route to decide.
 *
 * @param anonymous whether even a caller without a token may
 * @param anyOf roles of which one is needed; empty if any caller may
 * @param keys whether callers with an API key may
 */
public record Access(boolean anonymous, Set<Role> anyOf, boolean keys) {
    /** Everybody, without a token. */
    public static final Access ANONYMOUS = new Access(true, Set.of(), false);

    /** Everybody with a token. */
    public static final Access CALLER = new Access(false, Set.of(), false);

    /** Everybody with a token or an API key: what it is for. */
    public static final Access READER = new Access(false, Set.of(), true);

    /** Callers with one of these roles. */
    public static Access of(Role first, Role... others) {
        return new Access(false, EnumSet.of(first, others), false);
    }

    /** Refuses a caller that has none of the roles, and one with an API key where none may come. */
    void check(Caller caller) {
        if (!keys && caller.key().isPresent()) {
            throw ApiError.AuthorizationFailed.because(
                    RefusalReason.KEY_NOT_ALLOWED,
                    "API keys may read usage, subscriptions, tenants and meters; this takes an access token");
        }
        if (!anyOf.isEmpty() && anyOf.stream().noneMatch(caller::has)) {
            throw ApiError.AuthorizationFailed.because(
                    RefusalReason.ROLE_MISSING,
                    "You may not do this: it takes the role "
                            + String.join(
                                    " or ", anyOf.stream().map(Role::claimValue).toList())
                            + (anyOf.contains(Role.USAGE_READ) ? "" : " in the operator's tenant"));
        }
    }
}
