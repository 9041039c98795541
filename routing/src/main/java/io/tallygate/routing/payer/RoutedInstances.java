package io.tallygate.routing.payer;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.tallygate.store.aggregate.Instance;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.usage.ResourceInstance;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Instances as their payers see them; kept in memory, since each hour has a row of each. */
final class RoutedInstances {
    private static final int OVERHEAD = 300;
    private static final int SHARE_OF_HEAP = 16;

    private final Cache<Key, Instance> shown = Caffeine.newBuilder()
            .maximumWeight(Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP)
            .weigher((Key key, Instance instance) -> OVERHEAD + 2 * instance.data().length)
            .build();

    // By content: it must not keep the instance that it was made of.
    private record Key(SubscriptionId subscription, ByteBuffer digest, String commerceMeterId) {}

    /** The instance with the commerce meter that it is billed under. */
    Instance of(Instance instance, String commerceMeterId) {
        Key key = new Key(instance.subscription(), ByteBuffer.wrap(instance.digest()), commerceMeterId);
        return shown.get(key, missing -> show(instance, commerceMeterId));
    }

    private static Instance show(Instance instance, String commerceMeterId) {
        ResourceInstance resource = ResourceInstance.ofInstanceData(instance.subscription(), instance.data());
        String data = RoutedInstanceData.of(resource, commerceMeterId);
        return instance.withData(data.getBytes(StandardCharsets.UTF_8));
    }
}
