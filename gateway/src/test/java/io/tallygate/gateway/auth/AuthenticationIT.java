package io.tallygate.gateway.auth;

import static io.tallygate.gateway.auth.Settled.settled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tallygate.gateway.http.ApiException;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A gateway and an issuer over real connections. */
class AuthenticationIT {
    private static final Instant START = Instant.parse("2026-11-21T12:00:00Z");
    private static final SigningKey RSA = SigningKey.rsa("rsa");
    private static final SigningKey EC = SigningKey.ec("ec");
    private static final SigningKey NEXT = SigningKey.rsa("next");
    private static final TestCertificate CERTIFICATE = TestCertificate.create();
    private static final Vertx VERTX = Vertx.vertx();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final ManualClock clock = new ManualClock(START);
    private final IssuerServer issuer = new IssuerServer(VERTX, CERTIFICATE);
    private Authentication authentication;
    private HttpServer gateway;

    @BeforeEach
    void startIssuer() {
        issuer.start();
        issuer.publish(RSA, EC);
    }

    @AfterEach
    void stop() {
        settled(authentication.close());
        settled(gateway.close());
        issuer.stop();
    }

    @AfterAll
    static void close() {
        settled(VERTX.close());
    }

    @Test
    void letsCallersIn() throws Exception {
        startGateway(Optional.of(CERTIFICATE.certificatePem()));

        for (String algorithm : List.of("RS256", "PS256", "ES256")) {
            HttpResponse<String> response = get(tokens(RSA).good(algorithm));
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body()).isEqualTo("alice USAGE_READ");
        }
    }

    @Test
    void refusesRequestsWithoutOneBearerToken() throws Exception {
        startGateway(Optional.of(CERTIFICATE.certificatePem()));
        String token = tokens(RSA).good("RS256");

        assertThat(send(request()).body()).startsWith("AuthenticationFailed");
        assertThat(send(request().header("authorization", "Basic eDp5")).body()).startsWith("AuthenticationFailed");
        assertThat(send(request().header("authorization", "Bearer")).body()).startsWith("AuthenticationFailed");
        assertThat(send(request().header("authorization", token)).body()).startsWith("AuthenticationFailed");
        assertThat(send(request().header("authorization", "Bearer " + token)
                                .header("authorization", "Bearer " + token))
                        .body())
                .startsWith("AuthenticationFailed");
        assertThat(send(request("?access_token=" + token)).statusCode()).isEqualTo(401);
        assertThat(send(request().header("authorization", "bearer " + token)).statusCode())
                .isEqualTo(200);
    }

    /** The handler of the JWT library lets such a request through to the route, with no user. */
    @Test
    void refusesAPreflightWithoutToken() throws Exception {
        startGateway(Optional.of(CERTIFICATE.certificatePem()));

        HttpResponse<String> response = send(request()
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                .header("Access-Control-Request-Headers", "authorization")
                .header("X-Requested-With", "XMLHttpRequest"));

        assertThat(response.statusCode()).isEqualTo(401);
    }

    @Test
    void aRouteWithoutTheHandlerIsClosed() throws Exception {
        startGateway(Optional.of(CERTIFICATE.certificatePem()));

        HttpResponse<String> response =
                send(HttpRequest.newBuilder(URI.create(gatewayUrl() + "/unprotected")));

        assertThat(response.statusCode()).isEqualTo(401);
    }

    @Test
    void refusesHostileTokensWithoutCallingAnyone() throws Exception {
        startGateway(Optional.of(CERTIFICATE.certificatePem()));
        Map<String, String> hostile = HostileTokens.all(tokens(RSA), issuer.url() + "/trap");
        int sent = 0;
        for (Map.Entry<String, String> token : hostile.entrySet()) {
            if (token.getValue().length() < 30_000) {
                HttpResponse<String> response = get(token.getValue());
                assertThat(response.statusCode()).as(token.getKey()).isEqualTo(401);
                assertThat(response.body()).as(token.getKey()).matches("(InvalidAuthenticationToken|AuthenticationFailed) .*");
                sent++;
            }
        }

        assertThat(sent).isGreaterThan(200);
        assertThat(issuer.others).hasValue(0);
        assertThat(issuer.keySets).as("unknown kids within the interval").hasValue(1);
    }

    @Test
    void rotatesWithoutRestart() throws Exception {
        startGateway(Optional.of(CERTIFICATE.certificatePem()));
        assertThat(get(tokens(RSA).good("RS256")).statusCode()).isEqualTo(200);

        issuer.publish(RSA, NEXT);
        clock.advance(Duration.ofSeconds(30));
        assertThat(get(tokens(NEXT).good("RS256")).statusCode()).as("added").isEqualTo(200);
        assertThat(get(tokens(RSA).good("RS256")).statusCode()).as("still there").isEqualTo(200);

        issuer.publish(NEXT);
        clock.advance(Duration.ofMinutes(10));
        int before = issuer.keySets.get();
        await().until(() -> issuer.keySets.get() > before);
        await().untilAsserted(() -> assertThat(get(tokens(RSA).good("RS256")).statusCode())
                .as("removed")
                .isEqualTo(401));
        assertThat(get(tokens(NEXT).good("RS256")).statusCode()).isEqualTo(200);
    }

    @Test
    void aBodyWaitsForTheKeys() throws Exception {
        startGateway(Optional.of(CERTIFICATE.certificatePem()));
        issuer.publish(NEXT);
        clock.advance(Duration.ofSeconds(30));

        HttpResponse<String> response = send(request("body")
                .header("authorization", "Bearer " + tokens(NEXT).good("RS256"))
                .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[300_000])));

        assertThat(response.body()).isEqualTo("300000");
    }

    @Test
    void aFloodOfUnknownKeysCausesOneFetchInAnInterval() {
        startGateway(Optional.of(CERTIFICATE.certificatePem()));
        assertThat(issuer.keySets).hasValue(1);

        for (int interval = 1; interval <= 3; interval++) {
            clock.advance(Duration.ofSeconds(30));
            List<CompletableFuture<HttpResponse<String>>> flood = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                TestTokens tokens = tokens(RSA);
                String token = tokens.token(tokens.header("RS256").put("kid", "kid" + i), tokens.claims());
                flood.add(CLIENT.sendAsync(
                        request().header("authorization", "Bearer " + token).build(),
                        HttpResponse.BodyHandlers.ofString()));
            }
            assertThat(flood)
                    .allMatch(response -> response.join().statusCode() == 401);
            assertThat(issuer.keySets).hasValue(1 + interval);
            assertThat(issuer.discoveries).hasValue(1 + interval);
        }
    }

    @Test
    void anIssuerThatIsDownAtStartIsFoundLater() throws Exception {
        issuer.stop();
        startGateway(Optional.of(CERTIFICATE.certificatePem()));

        assertThat(authentication.ready()).isFalse();
        assertThat(authentication.problems()).singleElement().asString().startsWith(issuer.url() + ": ");
        assertThat(get(tokens(RSA).good("RS256")).body()).startsWith("ServiceUnavailable");

        issuer.start();
        clock.advance(Duration.ofSeconds(5));
        await().until(authentication::ready);
        assertThat(get(tokens(RSA).good("RS256")).statusCode()).isEqualTo(200);
    }

    @Test
    void goodKeysAreKeptForADayWhileTheIssuerIsAway() throws Exception {
        startGateway(Optional.of(CERTIFICATE.certificatePem()));
        issuer.stop();
        clock.advance(Duration.ofHours(24).minusSeconds(1));
        assertThat(get(tokens(RSA).good("RS256")).statusCode()).isEqualTo(200);
        assertThat(authentication.ready()).isTrue();

        clock.advance(Duration.ofSeconds(1));
        assertThat(get(tokens(RSA).good("RS256")).statusCode()).isEqualTo(503);
        assertThat(authentication.ready()).isFalse();

        issuer.start();
        clock.advance(Duration.ofSeconds(30));
        await().until(authentication::ready);
        assertThat(get(tokens(RSA).good("RS256")).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @MethodSource("io.tallygate.gateway.auth.IssuerServer#faults")
    void aBadKeySetIsNoKeySet(IssuerServer.Fault fault) throws Exception {
        issuer.keys = fault.handler();
        startGateway(Optional.of(CERTIFICATE.certificatePem()));

        assertThat(authentication.problems())
                .singleElement()
                .asString()
                .startsWith(issuer.url())
                .contains(fault.reason());
        assertThat(get(tokens(RSA).good("RS256")).statusCode()).isEqualTo(503);
        assertThat(issuer.others).hasValue(0);
    }

    @ParameterizedTest
    @MethodSource("io.tallygate.gateway.auth.IssuerServer#faults")
    void aBadDiscoveryDocumentLeadsToNoKeySet(IssuerServer.Fault fault) {
        issuer.discovery = fault.handler();
        startGateway(Optional.of(CERTIFICATE.certificatePem()));

        assertThat(authentication.problems())
                .singleElement()
                .asString()
                .startsWith(issuer.url())
                .contains(fault.reason());
        assertThat(issuer.keySets).hasValue(0);
        assertThat(issuer.others).hasValue(0);
    }

    @ParameterizedTest
    @MethodSource("io.tallygate.gateway.auth.IssuerServer#faults")
    void aBadKeySetNeverReplacesAGoodOne(IssuerServer.Fault fault) throws Exception {
        startGateway(Optional.of(CERTIFICATE.certificatePem()));
        issuer.keys = fault.handler();
        clock.advance(Duration.ofSeconds(30));

        assertThat(get(tokens(NEXT).good("RS256")).statusCode()).isEqualTo(401);
        assertThat(issuer.keySets).hasValue(2);
        assertThat(get(tokens(RSA).good("RS256")).statusCode()).isEqualTo(200);
        assertThat(authentication.ready()).isTrue();
    }

    @Test
    void keysAreNotFetchedOverHttp() {
        HttpServer plain = settled(VERTX.createHttpServer()
                        .requestHandler(request -> {
                            issuer.others.incrementAndGet();
                            issuer.keys.handle(request);
                        })
                        .listen(0, "localhost"))
                .result();
        issuer.publishAt("http://localhost:" + plain.actualPort() + "/keys");
        startGateway(Optional.of(CERTIFICATE.certificatePem()));

        assertThat(authentication.problems()).singleElement().asString().contains("`jwks_uri` must be an https URL");
        assertThat(issuer.others).hasValue(0);
        settled(plain.close());
    }

    @Test
    void anIssuerWithAnotherCertificateIsNotBelieved() {
        startGateway(Optional.of(TestCertificate.create().certificatePem()));

        assertThat(authentication.ready()).isFalse();
        assertThat(issuer.discoveries).hasValue(0);
    }

    @Test
    void withoutAnAuthorityOfItsOwnTheRuntimesAreAsked() {
        startGateway(Optional.empty());

        assertThat(authentication.ready()).isFalse();
        assertThat(issuer.discoveries).hasValue(0);
    }

    @Test
    void closingEndsTheFetches() {
        startGateway(Optional.of(CERTIFICATE.certificatePem()));
        settled(authentication.close());
        issuer.keySets.set(0);
        clock.advance(Duration.ofMinutes(11));

        await().during(Duration.ofMillis(2_500))
                .atMost(Duration.ofSeconds(10))
                .until(() -> issuer.keySets.get() == 0);
    }

    private TestTokens tokens(SigningKey rsa) {
        return new TestTokens(issuer.url(), clock.instant(), rsa, EC);
    }

    private void startGateway(Optional<String> caPem) {
        IssuerConfig trusted = new IssuerConfig(
                issuer.url(), Set.of(TestTokens.TENANT, TestTokens.OPERATOR), Optional.empty(), caPem);
        authentication = Authentication.create(
                VERTX, AuthConfig.of(List.of(trusted), Set.of(TestTokens.AUDIENCE), TestTokens.OPERATOR), clock);
        assertThat(authentication.ready()).isFalse();
        assertThat(settled(authentication.start()).succeeded()).isTrue();

        Router router = Router.router(VERTX);
        router.route("/unprotected").handler(AuthenticationIT::showCaller);
        router.route().handler(authentication.handler());
        router.post("/body").handler(BodyHandler.create(false));
        router.post("/body").handler(ctx -> ctx.end(String.valueOf(ctx.body().length())));
        router.route().handler(AuthenticationIT::showCaller);
        router.route().failureHandler(AuthenticationIT::showRefusal);
        gateway = settled(VERTX.createHttpServer(new HttpServerOptions().setMaxHeaderSize(64 * 1024))
                        .requestHandler(router)
                        .listen(0, "localhost"))
                .result();
    }

    private static void showCaller(RoutingContext context) {
        Caller caller = Caller.of(context);
        context.end(caller.subject() + " "
                + String.join(" ", caller.roles().stream().map(Role::name).toList()));
    }

    private static void showRefusal(RoutingContext context) {
        ApiException refusal = (ApiException) context.failure();
        context.response().setStatusCode(context.statusCode() == 500 ? refusal.error().status() : context.statusCode());
        context.end(refusal.error() + " " + refusal.getMessage());
    }

    private String gatewayUrl() {
        return "http://localhost:" + gateway.actualPort();
    }

    private HttpRequest.Builder request() {
        return request("");
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(gatewayUrl() + "/" + path));
    }

    private HttpResponse<String> get(String token) throws IOException, InterruptedException {
        return send(request().header("authorization", "Bearer " + token));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
