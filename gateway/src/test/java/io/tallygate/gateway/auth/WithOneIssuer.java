package io.tallygate.gateway.auth;

import static io.tallygate.gateway.testing.Settled.settled;

import io.tallygate.gateway.testing.IssuerServer;
import io.tallygate.gateway.testing.SigningKey;
import io.tallygate.gateway.testing.TestCertificate;
import io.tallygate.gateway.testing.TestTokens;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** A gateway whose only issuer is one of this test's, which plays well or badly over real connections. */
abstract class WithOneIssuer {
    static final Instant START = Instant.parse("2026-11-21T12:00:00Z");
    static final SigningKey RSA = SigningKey.rsa("rsa");
    static final SigningKey EC = SigningKey.ec("ec");
    static final SigningKey NEXT = SigningKey.rsa("next");
    static final TestCertificate CERTIFICATE = TestCertificate.create();
    static Vertx vertx;

    final ManualClock clock = new ManualClock(START);
    final IssuerServer issuer = new IssuerServer(vertx, CERTIFICATE);
    TestGateway gateway;

    @BeforeAll
    static void open() {
        vertx = Vertx.vertx();
    }

    @BeforeEach
    void startIssuer() {
        issuer.start();
        issuer.publish(RSA, EC);
    }

    @AfterEach
    void stop() {
        gateway.close();
        issuer.stop();
    }

    @AfterAll
    static void close() {
        settled(vertx.close());
    }

    final void startGateway() {
        startGateway(Optional.of(CERTIFICATE.certificatePem()));
    }

    final void startGateway(Optional<String> caPem) {
        gateway = new TestGateway(vertx, issuer.url(), caPem, clock);
    }

    final TestTokens tokens(SigningKey rsa) {
        return new TestTokens(issuer.url(), clock.instant(), rsa, EC);
    }
}
