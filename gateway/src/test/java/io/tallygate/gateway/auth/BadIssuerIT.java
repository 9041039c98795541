package io.tallygate.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tallygate.gateway.testing.IssuerServer;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An issuer that answers with anything but its keys. */
class BadIssuerIT extends WithOneIssuer {
    @ParameterizedTest
    @MethodSource("io.tallygate.gateway.testing.IssuerServer#faults")
    void aBadKeySetIsNoKeySet(IssuerServer.Fault fault) throws Exception {
        issuer.keys = fault.handler();
        startGateway();

        assertThat(gateway.authentication.problems())
                .singleElement()
                .asString()
                .startsWith(issuer.url())
                .contains(fault.reason());
        assertThat(gateway.status(tokens(RSA).good("RS256"))).isEqualTo(503);
        assertThat(issuer.others).hasValue(0);
        await("nothing is left open").until(() -> issuer.connections.get() == 0);
    }

    @ParameterizedTest
    @MethodSource("io.tallygate.gateway.testing.IssuerServer#faults")
    void aBadDiscoveryDocumentLeadsToNoKeySet(IssuerServer.Fault fault) {
        issuer.discovery = fault.handler();
        startGateway();

        assertThat(gateway.authentication.problems())
                .singleElement()
                .asString()
                .startsWith(issuer.url())
                .contains(fault.reason());
        assertThat(issuer.keySets).hasValue(0);
        assertThat(issuer.others).hasValue(0);
    }

    @ParameterizedTest
    @MethodSource("io.tallygate.gateway.testing.IssuerServer#faults")
    void aBadKeySetNeverReplacesAGoodOne(IssuerServer.Fault fault) throws Exception {
        startGateway();
        issuer.keys = fault.handler();
        clock.advance(Duration.ofSeconds(30));

        assertThat(gateway.status(tokens(NEXT).good("RS256"))).isEqualTo(401);
        assertThat(issuer.keySets).hasValue(2);
        assertThat(gateway.status(tokens(RSA).good("RS256"))).isEqualTo(200);
        assertThat(gateway.authentication.ready()).isTrue();
    }
}
