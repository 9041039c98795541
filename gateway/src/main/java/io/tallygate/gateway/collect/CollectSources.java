package io.tallygate.gateway.collect;

import io.tallygate.gateway.collect.SourceOrigin.CloudKitty;
import io.tallygate.gateway.collect.SourceOrigin.Stamp;
import io.tallygate.store.directory.SubscriptionId;
import io.vertx.core.Vertx;

/** Makes the sources of which the configuration speaks. */
public final class CollectSources {
    private CollectSources() {}

    /**
     * The source that is configured so; it asks for nothing yet.
     *
     * @param operatorSubscription ours, whose direct tenants those are that have no provider there
     */
    public static CollectSource of(Vertx vertx, SourceConfig config, SubscriptionId operatorSubscription) {
        return config.origin() instanceof CloudKitty kitty
                ? new CloudKittySource(vertx, config, kitty, operatorSubscription)
                : new AzureStackHubSource(vertx, config, (Stamp) config.origin());
    }
}
