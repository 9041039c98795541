package io.tallygate.gateway.collect;

import io.tallygate.gateway.collect.SourceOrigin.Stamp;
import io.vertx.core.Vertx;

/** Makes the sources of which the configuration speaks. */
public final class CollectSources {
    private CollectSources() {}

    /** The source that is configured so; it asks for nothing yet. */
    public static CollectSource of(Vertx vertx, SourceConfig config) {
        return new AzureStackHubSource(vertx, config, (Stamp) config.origin());
    }
}
