package io.tallygate.deploy;

import io.tallygate.deploy.testing.TestGateway;
import io.tallygate.gateway.auth.AuthConfig;
import io.tallygate.gateway.auth.IssuerConfig;
import io.tallygate.gateway.testing.IssuerServer;
import io.tallygate.gateway.testing.SigningKey;
import io.tallygate.gateway.testing.TestCertificate;
import io.tallygate.gateway.testing.TestTokens;
import io.tallygate.store.directory.TenantId;
import io.tallygate.store.testing.TestPostgres;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A whole gateway that trusts two issuers, whose keys and misbehaviour are the test's. */
final class TokenWorld implements AutoCloseable {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final Vertx vertx = Vertx.vertx();
    private final TestCertificate certificate = TestCertificate.create();
    final IssuerServer issuer = new IssuerServer(vertx, certificate);
    final IssuerServer neighbour = new IssuerServer(vertx, certificate);
    /** Of {@link #issuer}. */
    final TestTokens good;
    /** Of {@link #neighbour}, under the same key ids. */
    final TestTokens others;

    final TestGateway gateway;

    /** Both issuers are there; the gateway is as {@code serve} runs it. */
    TokenWorld(Duration keyRefresh, Duration keyMaxAge, Duration unknownKeyInterval) {
        issuer.start();
        neighbour.start();
        Instant now = Instant.now();
        good = new TestTokens(issuer.url(), now, SigningKey.rsa("rsa"), SigningKey.ec("ec"));
        others = new TestTokens(neighbour.url(), now, SigningKey.rsa("rsa"), SigningKey.ec("ec"));
        issuer.publish(good.rsa(), good.ec());
        neighbour.publish(others.rsa(), others.ec());
        AuthConfig auth = new AuthConfig(
                List.of(
                        issuer(issuer.url(), TestTokens.TENANT, TestTokens.OPERATOR),
                        issuer(neighbour.url(), TestTokens.STRANGER)),
                Set.of(TestTokens.AUDIENCE),
                TestTokens.OPERATOR,
                Map.of(),
                AuthConfig.DEFAULT_LEEWAY,
                keyRefresh,
                keyMaxAge,
                unknownKeyInterval);
        gateway = TestGateway.trusting(TestPostgres.fresh(), auth);
    }

    private IssuerConfig issuer(String url, TenantId... tenants) {
        return new IssuerConfig(url, Set.of(tenants), Optional.empty(), Optional.of(certificate.certificatePem()));
    }

    /** An answer of the management server. */
    HttpResponse<String> management(String path) {
        try {
            return CLIENT.send(
                    HttpRequest.newBuilder(URI.create(gateway.managementUrl() + path))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    /** All metrics as text. */
    String metrics() {
        return management("/metrics").body();
    }

    @Override
    public void close() {
        gateway.close();
        issuer.stop();
        neighbour.stop();
        vertx.close().await();
    }
}
