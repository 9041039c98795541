package io.tallygate.routing.commerce;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EndpointUrlTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://marketplaceapi.microsoft.com/api",
                "HTTPS://x.example",
                "http://localhost:8080/api",
                "http://127.0.0.1/",
                "http://[::1]:9/"
            })
    void isHttpsOrLoopback(String url) {
        assertThat(EndpointUrl.problem(url)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x.example",
                "http://x.example",
                "http://localhost.x.example",
                "http://127.0.0.1.x.example/",
                "ftp://localhost/",
                "https://",
                "https://user:pw@x.example",
                "https://x.example/#a",
                "https://x.example/?a=b",
                "https://x example"
            })
    void isNothingElse(String url) {
        assertThat(EndpointUrl.problem(url)).isPresent();
    }
}
