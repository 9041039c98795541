package io.tallygate.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.MultiMap;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ClientAddressTest {
    private final ClientAddress addresses = new ClientAddress(List.of("10.0.0.0/8", "fd00::/8", "192.0.2.7"));

    private String of(String peer, String... headers) {
        MultiMap all = MultiMap.caseInsensitiveMultiMap();
        for (int i = 0; i < headers.length; i += 2) {
            all.add(headers[i], headers[i + 1]);
        }
        return addresses.of(peer, all);
    }

    @Test
    void aStrangersHeadersAreNotBelieved() {
        assertThat(of("203.0.113.5", "X-Forwarded-For", "198.51.100.1")).isEqualTo("203.0.113.5");
        assertThat(of("203.0.113.5", "Forwarded", "for=198.51.100.1")).isEqualTo("203.0.113.5");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    198.51.100.1                            | 198.51.100.1
                    1.1.1.1, 198.51.100.1                   | 198.51.100.1
                    1.1.1.1, 198.51.100.1, 10.9.9.9         | 198.51.100.1
                    198.51.100.1:4711                       | 198.51.100.1
                    198.51.100.1, no address                | 10.1.1.1
                    198.51.100.1, unknown, 10.9.9.9         | 10.1.1.1
                    ::ffff:198.51.100.1                     | 198.51.100.1
                    198.51.100.1, ::ffff:10.9.9.9           | 198.51.100.1
                    no address                              | 10.1.1.1
                    10.2.2.2                                | 10.1.1.1
                    2001:db8:1:2:3:4:5:6                    | 20010db800010002/64
                    [2001:db8:1:2:ffff::1]:443              | 20010db800010002/64
                    """)
    void behindAProxyItIsTheLastThatIsNone(String header, String expected) {
        assertThat(of("10.1.1.1", "X-Forwarded-For", header)).isEqualTo(expected);
    }

    @Test
    void theStandardHeaderIsReadToo() {
        assertThat(of("192.0.2.7", "Forwarded", "for=1.1.1.1;proto=https, For=\"[2001:db8::1]:80\";by=10.1.1.1"))
                .isEqualTo("20010db800000000/64");
        assertThat(of("192.0.2.7", "Forwarded", "for=1.1.1.1, for=_hidden")).isEqualTo("192.0.2.7");
    }

    @Test
    void ofTwoHeadersThatContradictEachOtherNeitherIsBelieved() {
        assertThat(of("192.0.2.7", "Forwarded", "for=1.1.1.1", "X-Forwarded-For", "198.51.100.1"))
                .isEqualTo("192.0.2.7");
        assertThat(of("192.0.2.7", "Forwarded", "for=198.51.100.1", "X-Forwarded-For", "2.2.2.2, 198.51.100.1"))
                .isEqualTo("198.51.100.1");
    }

    @Test
    void severalHeadersAreOneList() {
        assertThat(of("fd00::1", "X-Forwarded-For", "1.1.1.1", "X-Forwarded-For", "2.2.2.2"))
                .isEqualTo("2.2.2.2");
    }

    @Test
    void ofAnIpv6NetworkAllAddressesAreOne() {
        assertThat(of("2001:db8::1")).isEqualTo(of("2001:db8::2")).isNotEqualTo(of("2001:db8:0:1::1"));
    }

    @Test
    void namesAreNotLookedUp() {
        assertThatThrownBy(() -> new ClientAddress(List.of("localhost"))).isInstanceOf(IllegalArgumentException.class);
    }
}
