package io.tallygate.gateway.admission;

import io.tallygate.store.directory.TenantId;

/** How often callers may ask, and be refused: the buckets of one process, all full at first. */
record RateLimits(TokenBuckets<TenantId> tenants, TokenBuckets<String> failures, TokenBuckets<String> nobody) {
    /**
     * Those of a configuration.
     *
     * @return requests of each tenant; refused credentials of each address; requests without a credential of each address
     */
    static RateLimits of(AdmissionConfig config) {
        return new RateLimits(
                new TokenBuckets<>(config.tenantRate(), config.tenantBurst(), System::nanoTime),
                TokenBuckets.ofAddresses(config.addressFailures()),
                TokenBuckets.ofAddresses(config.addressRequests()));
    }
}
