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
 */
public record Access(boolean anonymous, Set<Role> anyOf) {
    /** Everybody, without a token. */
    public static final Access ANONYMOUS = new Access(true, Set.of());

    /** Everybody with a token. */
    public static final Access CALLER = new Access(false, Set.of());

    /** Callers with one of these roles. */
    public static Access of(Role first, Role... others) {
        return new Access(false, EnumSet.of(first, others));
    }

    /** Refuses a caller that has none of the roles. */
    void check(Caller caller) {
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
