package io.tallygate.gateway.http;

import java.time.Duration;
import java.util.List;

/**
 * How connections and what comes over them are bounded.
 *
 * @param headTimeout how long a new connection may take to bring its first request; one that brought some may bring none
 *     for four times as long
 * @param bodyTimeout how long a body may take to arrive, and a second longer for each 32 KiB of it
 * @param limit open connections
 * @param perAddress those from one address (of IPv6: from one /64), trusted proxies excepted
 * @param corsOrigins the origins, as {@code https://portal.example.com}, whose pages may call from a browser
 * @param bodies bytes of bodies that lie in memory at the same time; 0 for an eighth of the heap
 */
public record ConnectionConfig(
        Duration headTimeout, Duration bodyTimeout, int limit, int perAddress, List<String> corsOrigins, long bodies) {
    /** What goes without saying. */
    public static final ConnectionConfig DEFAULT =
            new ConnectionConfig(Duration.ofSeconds(30), Duration.ofSeconds(30), 20_000, 2_000, List.of());

    /** Copies the origins. */
    public ConnectionConfig {
        corsOrigins = List.copyOf(corsOrigins);
    }

    /** With bodies in an eighth of the heap. */
    public ConnectionConfig(
            Duration headTimeout, Duration bodyTimeout, int limit, int perAddress, List<String> corsOrigins) {
        this(headTimeout, bodyTimeout, limit, perAddress, corsOrigins, 0);
    }
}
