package io.tallygate.gateway.usage;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.tallygate.store.aggregate.UsageScope;
import io.tallygate.store.collect.CompletenessStore;
import io.tallygate.store.directory.SubscriptionId;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Through when answers are complete. What was read is said for ten seconds, whoever asks: for the same end it only grows,
 * unless a source is added. An answer is worth more than this: where it cannot be read, or not soon, it is not known.
 */
public final class CompleteThrough {
    private static final Logger LOG = LoggerFactory.getLogger(CompleteThrough.class);
    private static final Duration SAID_FOR = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final int MOST = 10_000;
    private static final String ANYTHING = "anything";

    private final CompletenessStore completeness;
    private final SubscriptionId everyone;
    private final Cache<String, Boolean> anything = cache();
    private final Cache<Asked, Optional<Instant>> answers = cache();
    private volatile boolean failed;

    private record Asked(UsageScope scope, Instant end) {}

    /** Reads from the store; {@code everyone} is the default provider subscription. */
    public CompleteThrough(CompletenessStore completeness, SubscriptionId everyone) {
        this.completeness = completeness;
        this.everyone = everyone;
    }

    private static <K, V> Cache<K, V> cache() {
        return Caffeine.newBuilder()
                .maximumSize(MOST)
                .expireAfterWrite(SAID_FOR)
                .build();
    }

    /**
     * Through when an answer with the usage of this scope is complete that was reported here before {@code end}.
     *
     * @return never fails; empty if it is not known
     */
    Future<Optional<Instant>> of(UsageScope scope, Instant end) {
        return known(anything, ANYTHING, completeness::isAnythingCollected, false)
                .compose(is -> is
                        ? known(
                                answers,
                                new Asked(scope, end),
                                () -> completeness.ofAnswer(scope, end, everyone),
                                Optional.empty())
                        : Future.succeededFuture(Optional.empty()));
    }

    // What is kept is the value, not its future, which would go on in the context of whoever asked first.
    private <K, V> Future<V> known(Cache<K, V> cache, K key, Supplier<Future<V>> read, V otherwise) {
        V kept = cache.getIfPresent(key);
        if (kept != null) {
            return Future.succeededFuture(kept);
        }
        return read.get()
                .timeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .onSuccess(done -> failed = false)
                .otherwise(failure -> {
                    if (!failed) {
                        LOG.warn("Answers do not say through when they are complete: it cannot be read", failure);
                    }
                    failed = true;
                    return otherwise;
                })
                .onSuccess(found -> cache.put(key, found));
    }
}
