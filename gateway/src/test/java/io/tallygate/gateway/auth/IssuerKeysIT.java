package io.tallygate.gateway.auth;

import static io.tallygate.gateway.testing.Settled.settled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tallygate.gateway.testing.IssuerServer;
import io.tallygate.gateway.testing.TestCertificate;
import io.tallygate.gateway.testing.TestTokens;
import io.vertx.core.http.HttpServer;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Keys that are fetched from an issuer: when, how often, from whom, and how long they are good. */
class IssuerKeysIT extends WithOneIssuer {
    @Test
    void rotatesWithoutRestart() throws Exception {
        startGateway();
        assertThat(gateway.status(tokens(RSA).good("RS256"))).isEqualTo(200);

        issuer.publish(RSA, NEXT);
        clock.advance(Duration.ofSeconds(30));
        assertThat(gateway.status(tokens(NEXT).good("RS256"))).as("added").isEqualTo(200);
        assertThat(gateway.status(tokens(RSA).good("RS256"))).as("still there").isEqualTo(200);

        int before = issuer.keySets.get();
        issuer.publish(NEXT);
        clock.advance(Duration.ofMinutes(10));
        await().until(() -> issuer.keySets.get() > before);
        await().untilAsserted(() -> assertThat(gateway.status(tokens(RSA).good("RS256")))
                .as("removed")
                .isEqualTo(401));
        assertThat(gateway.status(tokens(NEXT).good("RS256"))).isEqualTo(200);
    }

    @Test
    void aFloodOfUnknownKeysCausesOneFetchInAnInterval() {
        startGateway();
        assertThat(issuer.keySets).hasValue(1);

        for (int interval = 1; interval <= 3; interval++) {
            clock.advance(Duration.ofSeconds(30));
            List<CompletableFuture<HttpResponse<String>>> flood = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                TestTokens tokens = tokens(RSA);
                String token = tokens.token(tokens.header("RS256").put("kid", "kid" + i), tokens.claims());
                flood.add(gateway.getAsync(token));
            }
            assertThat(flood).allMatch(response -> response.join().statusCode() == 401);
            assertThat(issuer.keySets).hasValue(1 + interval);
            assertThat(issuer.discoveries).hasValue(1 + interval);
        }
    }

    @Test
    void anIssuerThatIsDownAtStartIsFoundLater() throws Exception {
        issuer.stop();
        startGateway();

        assertThat(gateway.authentication.ready()).isFalse();
        assertThat(gateway.authentication.problems()).singleElement().asString().startsWith(issuer.url() + ": ");
        assertThat(gateway.get(tokens(RSA).good("RS256")).body()).startsWith("ServiceUnavailable");

        issuer.start();
        clock.advance(Duration.ofSeconds(5));
        await().until(gateway.authentication::ready);
        assertThat(gateway.status(tokens(RSA).good("RS256"))).isEqualTo(200);
    }

    @Test
    void goodKeysAreKeptForADayWhileTheIssuerIsAway() throws Exception {
        startGateway();
        issuer.stop();
        clock.advance(Duration.ofHours(24).minusSeconds(1));
        assertThat(gateway.status(tokens(RSA).good("RS256"))).isEqualTo(200);
        assertThat(gateway.authentication.ready()).isTrue();

        clock.advance(Duration.ofSeconds(1));
        assertThat(gateway.status(tokens(RSA).good("RS256"))).isEqualTo(503);
        assertThat(gateway.authentication.ready()).isFalse();

        issuer.start();
        clock.advance(Duration.ofSeconds(30));
        await().until(gateway.authentication::ready);
        assertThat(gateway.status(tokens(RSA).good("RS256"))).isEqualTo(200);
    }

    @Test
    void keysAreNotFetchedOverHttp() {
        HttpServer plain = settled(vertx.createHttpServer()
                        .requestHandler(request -> {
                            issuer.others.incrementAndGet();
                            issuer.keys.handle(request);
                        })
                        .listen(0, "localhost"))
                .result();
        issuer.publishAt("http://localhost:" + plain.actualPort() + "/keys");
        startGateway();

        assertThat(gateway.authentication.problems())
                .singleElement()
                .asString()
                .contains("`jwks_uri` must be an https URL");
        assertThat(issuer.others).hasValue(0);
        settled(plain.close());
    }

    @Test
    void anIssuerWithAnotherCertificateIsNotBelieved() {
        startGateway(Optional.of(TestCertificate.create().certificatePem()));

        assertThat(gateway.authentication.ready()).isFalse();
        assertThat(issuer.discoveries).hasValue(0);
    }

    @Test
    void aCertificateOfAnotherHostIsNotBelieved() {
        TestCertificate certificate = TestCertificate.create("login.example");
        IssuerServer impostor = new IssuerServer(vertx, certificate);
        impostor.start();
        impostor.publish(RSA, EC);
        gateway = new TestGateway(vertx, impostor.url(), Optional.of(certificate.certificatePem()), clock);

        assertThat(gateway.authentication.problems())
                .singleElement()
                .asString()
                .startsWith(impostor.url())
                .contains("cannot be fetched");
        assertThat(impostor.discoveries).hasValue(0);
        impostor.stop();
    }

    @Test
    void anIssuerThatGoesAwayIsSeenBeforeItsKeysAreTooOld() throws Exception {
        startGateway();
        assertThat(gateway.authentication.warnings()).isEmpty();
        issuer.stop();
        clock.advance(Duration.ofMinutes(10));

        await().until(() -> !gateway.authentication.warnings().isEmpty());
        assertThat(gateway.authentication.ready()).isTrue();
        assertThat(gateway.authentication.warnings())
                .singleElement()
                .asString()
                .startsWith(issuer.url() + ": ")
                .endsWith("are used until 2026-11-22T12:00:00Z");
        IssuerState state = gateway.authentication.issuers().get(0);
        assertThat(state.keysAge()).contains(Duration.ofMinutes(10));
        assertThat(state.failedFetches()).isPositive();
        assertThat(gateway.status(tokens(RSA).good("RS256"))).isEqualTo(200);
    }

    @Test
    void withoutAnAuthorityOfItsOwnTheRuntimesAreAsked() {
        startGateway(Optional.empty());

        assertThat(gateway.authentication.ready()).isFalse();
        assertThat(issuer.discoveries).hasValue(0);
    }

    @Test
    void closingEndsTheFetches() {
        startGateway();
        settled(gateway.authentication.close());
        issuer.keySets.set(0);
        clock.advance(Duration.ofMinutes(11));

        await().during(Duration.ofMillis(2_500)).atMost(Duration.ofSeconds(10)).until(() -> issuer.keySets.get() == 0);
    }
}
