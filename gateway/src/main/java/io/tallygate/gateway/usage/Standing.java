package io.tallygate.gateway.usage;

import io.tallygate.gateway.auth.ApiKeyVerifier;
import io.tallygate.gateway.auth.Caller;
import io.tallygate.store.Viewer;
import io.tallygate.store.access.ApiKeyStore;
import io.tallygate.store.aggregate.UsageScope;
import io.vertx.core.Future;
import java.time.Clock;

/**
 * Whether what let a caller in, and showed it a scope, is so still. It is asked after each read, before anything of it is
 * answered: when a grant ends, the second wall leaves rows out at once, and what is left would look like the whole.
 */
public final class Standing {
    private final ApiKeyStore keys;
    private final TenantScopes scopes;
    private final Clock clock;

    /** Looks into the store of keys, and asks the scopes again. */
    public Standing(ApiKeyStore keys, TenantScopes scopes, Clock clock) {
        this.keys = keys;
        this.scopes = scopes;
        this.clock = clock;
    }

    /** Succeeds if so; else it fails as a new request would: 401 for a key, 403 for a scope. */
    Future<Void> require(Caller caller, UsageScope scope) {
        return requireKey(caller).compose(good -> requireScope(caller, scope));
    }

    private Future<Void> requireKey(Caller caller) {
        return caller.key()
                .map(key -> keys.find(Viewer.operator(), key.id()).<Void>map(found -> {
                    ApiKeyVerifier.requireGood(found, clock.instant());
                    return null;
                }))
                .orElse(Future.succeededFuture());
    }

    // The tenant of a subscription never changes, nor does who its provider was when sealed usage was used, and for the
    // operator no row is left out: grants alone end.
    private Future<Void> requireScope(Caller caller, UsageScope scope) {
        return scope instanceof UsageScope.PaidBy paid && caller.viewer() instanceof Viewer.OfTenant
                ? scopes.of(caller, paid.payer()).mapEmpty()
                : Future.succeededFuture();
    }
}
