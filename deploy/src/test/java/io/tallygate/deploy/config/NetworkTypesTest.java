package io.tallygate.deploy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NetworkTypesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://portal.example.com",
                "https://portal.example.com:8443",
                "http://localhost:3000",
                "https://[2001:db8::1]:444"
            })
    void anOriginIsWhatABrowserWrites(String text) throws InvalidValueException {
        assertThat(NetworkTypes.origin(text)).isEqualTo(text);
    }

    /** None of these would ever be equal to what a browser sends: whoever wrote it would wonder why nothing is allowed. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "*",
                "null",
                "portal.example.com",
                "https://",
                "https://portal.example.com/",
                "https://portal.example.com/path",
                "https://portal.example.com?x",
                "https://portal.example.com#x",
                "https://user@portal.example.com",
                "https://Portal.example.com",
                "HTTPS://portal.example.com",
                "https://portal.example.com:443",
                "http://portal.example.com:80",
                "https://portal.example.com:",
                "https://*.example.com",
                "ftp://portal.example.com"
            })
    void whatNoBrowserWritesIsRefused(String text) {
        assertThatThrownBy(() -> NetworkTypes.origin(text))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("expected an origin");
    }
}
