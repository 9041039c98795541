package io.tallygate.gateway.auth;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;

/** Who asks for what is being looked for already gets the same answer, good or bad, which is forgotten as soon as it is there. */
public final class JoinedLookUps<K, V> {
    private final ConcurrentMap<K, Future<V>> underWay = new ConcurrentHashMap<>();

    /** The answer of {@code lookUp}, or of one for the same key that is under way. */
    public Future<V> find(K key, Function<K, Future<V>> lookUp) {
        Promise<V> mine = Promise.promise();
        Future<V> others = underWay.putIfAbsent(key, mine.future());
        if (others != null) {
            return others;
        }
        // Composed, so that a look-up that throws ends too.
        Future.succeededFuture(key).compose(lookUp).onComplete(done -> {
            underWay.remove(key);
            mine.handle(done);
        });
        return mine.future();
    }
}
