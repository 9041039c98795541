package io.tallygate.gateway.http;

import io.vertx.core.MultiMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** How many connections there are in this process, in all and from each address, of IPv6 from each /64. All event
 * loops share it. */
public final class Connections {
    private final ConnectionConfig config;
    private final ClientAddress addresses;
    private final Map<String, Integer> ofAddresses = new ConcurrentHashMap<>();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicLong refused = new AtomicLong();

    /** None yet. */
    public Connections(ConnectionConfig config, ClientAddress addresses) {
        this.config = config;
        this.addresses = addresses;
    }

    /** The bounds. */
    public ConnectionConfig config() {
        return config;
    }

    /** Connections that are open. */
    public int open() {
        return open.get();
    }

    /** Connections that were closed at once because there were too many. */
    public long refused() {
        return refused.get();
    }

    /** Counts one more from this address; false if there may be none. */
    boolean begin(String address) {
        if (open.incrementAndGet() > config.limit()) {
            open.decrementAndGet();
            refused.incrementAndGet();
            return false;
        }
        int own = ofAddresses.merge(subscriber(address), 1, Integer::sum);
        if (own > config.perAddress() && !addresses.isTrusted(address)) {
            end(address);
            refused.incrementAndGet();
            return false;
        }
        return true;
    }

    /** Counts one less. */
    void end(String address) {
        open.decrementAndGet();
        ofAddresses.computeIfPresent(subscriber(address), (same, count) -> count == 1 ? null : count - 1);
    }

    // What is behind a proxy is not known before a request is: the connection is the proxy's own.
    private String subscriber(String address) {
        return address.isEmpty() ? address : addresses.of(address, MultiMap.caseInsensitiveMultiMap());
    }
}
