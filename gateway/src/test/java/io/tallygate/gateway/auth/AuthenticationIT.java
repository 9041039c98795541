package io.tallygate.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who is let in over real connections. */
class AuthenticationIT extends WithOneIssuer {
    @Test
    void letsCallersIn() throws Exception {
        startGateway();

        for (String algorithm : List.of("RS256", "PS256", "ES256")) {
            HttpResponse<String> response = gateway.get(tokens(RSA).good(algorithm));
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body()).isEqualTo("alice USAGE_READ");
        }
    }

    @Test
    void refusesRequestsWithoutOneBearerToken() throws Exception {
        startGateway();
        String token = tokens(RSA).good("RS256");

        assertThat(gateway.send(gateway.request("")).body()).startsWith("AuthenticationFailed");
        assertThat(gateway.send(gateway.request("").header("authorization", "Basic eDp5"))
                        .body())
                .startsWith("AuthenticationFailed");
        assertThat(gateway.send(gateway.request("").header("authorization", "Bearer"))
                        .body())
                .startsWith("AuthenticationFailed");
        assertThat(gateway.send(gateway.request("").header("authorization", token))
                        .body())
                .startsWith("AuthenticationFailed");
        assertThat(gateway.send(gateway.request("")
                                .header("authorization", "Bearer " + token)
                                .header("authorization", "Bearer " + token))
                        .body())
                .startsWith("AuthenticationFailed");
        assertThat(gateway.send(gateway.request("?access_token=" + token)).statusCode())
                .isEqualTo(401);
        assertThat(gateway.send(gateway.request("").header("authorization", "bearer " + token))
                        .statusCode())
                .isEqualTo(200);
    }

    /** The handler of the JWT library lets such a request through to the route, with no user. */
    @Test
    void refusesAPreflightWithoutToken() throws Exception {
        startGateway();

        HttpResponse<String> response = gateway.send(gateway.request("")
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                .header("Access-Control-Request-Headers", "authorization")
                .header("X-Requested-With", "XMLHttpRequest"));

        assertThat(response.statusCode()).isEqualTo(401);
    }

    @Test
    void aRouteWithoutTheHandlerIsClosed() throws Exception {
        startGateway();

        HttpResponse<String> response = gateway.send(gateway.request("unprotected"));

        assertThat(response.statusCode()).isEqualTo(401);
    }

    @Test
    void aBodyWaitsForTheKeys() throws Exception {
        startGateway();
        issuer.publish(NEXT);
        clock.advance(Duration.ofSeconds(30));

        HttpResponse<String> response = gateway.send(gateway.request("body")
                .header("authorization", "Bearer " + tokens(NEXT).good("RS256"))
                .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[300_000])));

        assertThat(response.body()).isEqualTo("300000");
    }
}
