package io.tallygate.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ConnectionsTest {
    private final Connections connections = new Connections(
            new ConnectionConfig(Duration.ofSeconds(1), Duration.ofSeconds(1), 100, 2, List.of()),
            new ClientAddress(List.of("2001:db8:9::/64")));

    /** Everybody has as many as 64 bits can count. */
    @Test
    void addressesOfOneSubscriberAreOne() {
        assertThat(connections.begin("2001:db8:1:2::1")).isTrue();
        assertThat(connections.begin("2001:db8:1:2:3::2")).isTrue();
        assertThat(connections.begin("2001:db8:1:2:ffff::3")).isFalse();
        assertThat(connections.begin("2001:db8:1:3::1")).isTrue();

        connections.end("2001:db8:1:2::1");
        assertThat(connections.begin("2001:db8:1:2::4")).isTrue();
        assertThat(connections.refused()).isEqualTo(1);
        assertThat(connections.open()).isEqualTo(3);
    }

    @Test
    void aTrustedProxyHasAsManyAsItNeeds() {
        for (int i = 0; i < 5; i++) {
            assertThat(connections.begin("2001:db8:9::1")).isTrue();
        }
    }
}
