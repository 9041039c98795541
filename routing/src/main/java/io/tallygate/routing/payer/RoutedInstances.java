package io.tallygate.routing.payer;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.tallygate.store.aggregate.Instance;
import io.tallygate.store.usage.ResourceInstance;
import java.nio.charset.StandardCharsets;

/** Instances as their payers see them; kept in memory, since each hour has a row of each. */
final class RoutedInstances {
    private static final int OVERHEAD = 300;
    private static final int SHARE_OF_HEAP = 16;

    private final Cache<Key, Instance> shown = Caffeine.newBuilder()
            .maximumWeight(Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP)
            .weigher((Key key, Instance instance) -> OVERHEAD + instance.data().length)
            .build();

    private record Key(Instance instance, String commerceMeterId) {}

    /** The instance with the commerce meter that it is billed under. */
    Instance of(Instance instance, String commerceMeterId) {
        return shown.get(new Key(instance, commerceMeterId), RoutedInstances::show);
    }

    private static Instance show(Key key) {
        Instance instance = key.instance();
        ResourceInstance resource = ResourceInstance.ofInstanceData(instance.subscription(), instance.data());
        String data = RoutedInstanceData.of(resource, key.commerceMeterId());
        return instance.withData(data.getBytes(StandardCharsets.UTF_8));
    }
}
