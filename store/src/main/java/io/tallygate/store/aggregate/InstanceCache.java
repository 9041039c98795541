package io.tallygate.store.aggregate;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.Map;

/**
 * Instances in memory, those read least lately dropped first. They are kept in blocks of neighbouring ids: rows come in
 * the order of their subscriptions' instances, so that one look finds many, and what is looked at lies together.
 */
final class InstanceCache {
    // Counted with an instance beside its data: the objects around it and its place. The data counts twice: somebody
    // may
    // keep another form of it with the instance.
    private static final int OVERHEAD = 300;
    private static final int BLOCK_BITS = 6;
    private static final int BLOCK = 1 << BLOCK_BITS;

    private final Cache<Long, Instance[]> blocks;

    /** Keeps so many bytes at the most. */
    InstanceCache(long bytes) {
        blocks = Caffeine.newBuilder()
                .maximumWeight(bytes)
                .weigher((Long number, Instance[] block) -> weight(block))
                .build();
    }

    /** Finds instances one after the other; for one thread. */
    final class Reader {
        private static final Instance[] NONE = new Instance[BLOCK];
        private long number = -1;
        private Instance[] block = NONE;

        /** The instance of this id; null if it is not in memory. */
        Instance find(long id) {
            if (number != id >> BLOCK_BITS) {
                number = id >> BLOCK_BITS;
                Instance[] kept = blocks.getIfPresent(number);
                block = kept == null ? NONE : kept;
            }
            return block[place(id)];
        }
    }

    /** Looks at what is there now and from then on. */
    Reader reader() {
        return new Reader();
    }

    /** Keeps instances by their ids. */
    void keep(Map<Long, Instance> instances) {
        instances.forEach((id, instance) -> blocks.asMap().compute(id >> BLOCK_BITS, (number, kept) -> {
            // A copy: a block that others read never changes.
            Instance[] block = kept == null ? new Instance[BLOCK] : kept.clone();
            block[place(id)] = instance;
            return block;
        }));
    }

    private static int place(long id) {
        return (int) id & BLOCK - 1;
    }

    private static int weight(Instance[] block) {
        int weight = BLOCK * Long.BYTES;
        for (Instance instance : block) {
            if (instance != null) {
                weight += OVERHEAD + 2 * instance.data().length;
            }
        }
        return weight;
    }
}
