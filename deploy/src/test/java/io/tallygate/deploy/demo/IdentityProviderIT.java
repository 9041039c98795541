package io.tallygate.deploy.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.tallygate.store.directory.TenantId;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdentityProviderIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TenantId OPERATOR = new TenantId(UUID.fromString("0e000000-0000-4000-8000-000000000001"));
    private static final TenantId TENANT = new TenantId(UUID.fromString("a0000000-0000-4000-8000-000000000001"));

    @TempDir
    Path root;

    private DemoDirectory directory;
    private DemoClients clients;
    private ServerCertificate certificate;
    private IdentityProvider provider;
    private HttpClient http;

    @BeforeEach
    void start() throws Exception {
        directory = new DemoDirectory(root);
        clients = new DemoClients(OPERATOR, directory.secret("clients"));
        certificate = new CertificateAuthority(directory, Clock.systemUTC()).serverCertificate();
        provider = IdentityProvider.start(
                directory, certificate, clients, () -> SamplePeople.of(new SampleWorld()), Clock.systemUTC());
        http = HttpClient.newBuilder().sslContext(certificate.clientContext()).build();
    }

    @AfterEach
    void stop() {
        provider.close();
    }

    @Test
    void discoveryNamesIssuerTokenEndpointAndKeys() throws Exception {
        JsonNode document = json(get(provider.discovery(TENANT)));

        String issuer = provider.authority() + "/" + TENANT + "/v2.0";
        assertThat(document.path("issuer").asText())
                .isEqualTo(issuer)
                .isEqualTo(provider.issuerTemplate().replace("{tenantId}", TENANT.toString()));
        assertThat(document.path("token_endpoint").asText()).isEqualTo(issuer + "/token");
        assertThat(document.path("jwks_uri").asText()).isEqualTo(issuer + "/jwks");
    }

    @Test
    void oneKeyForAllIssuersThatVerifiesEveryToken() throws Exception {
        JWKSet operatorKeys = keys(OPERATOR);
        SignedJWT token = SignedJWT.parse(accessToken(post(clients.of(TENANT), TENANT, "/v2.0/token")));

        assertThat(keys(TENANT).toString()).isEqualTo(operatorKeys.toString());
        assertThat(operatorKeys.getKeys()).singleElement().matches(key -> !key.isPrivate());
        var key = operatorKeys.getKeyByKeyId(token.getHeader().getKeyID()).toRSAKey();
        assertThat(key.getAlgorithm().getName()).isEqualTo("RS256");
        assertThat(token.verify(new RSASSAVerifier(key))).isTrue();
    }

    @Test
    void tokenHasTheClaimsOfAnApplication() throws Exception {
        DemoClient client = clients.of(TENANT);
        SignedJWT token = SignedJWT.parse(accessToken(post(client, TENANT, "/oauth2/v2.0/token")));
        JWTClaimsSet claims = token.getJWTClaimsSet();

        assertThat(token.getHeader().getAlgorithm().getName()).isEqualTo("RS256");
        assertThat(token.getHeader().getType().getType()).isEqualTo("JWT");
        assertThat(claims.getIssuer()).isEqualTo(provider.mint().issuer(TENANT));
        assertThat(claims.getAudience()).containsExactly("https://tallygate.demo");
        assertThat(claims.getStringClaim("tid")).isEqualTo(TENANT.toString());
        assertThat(claims.getStringListClaim("roles")).containsExactly("Usage.Read");
        assertThat(List.of(
                        claims.getSubject(),
                        claims.getStringClaim("oid"),
                        claims.getStringClaim("appid"),
                        claims.getStringClaim("azp")))
                .containsOnly(client.clientId());
        assertThat(Duration.between(
                        claims.getIssueTime().toInstant(),
                        claims.getExpirationTime().toInstant()))
                .isEqualTo(Duration.ofHours(12));
        assertThat(claims.getNotBeforeTime()).isEqualTo(claims.getIssueTime());
        assertThat(claims.getClaims()).doesNotContainKey("nonce");
    }

    @Test
    void rolesOfTheOperatorsTenant() throws Exception {
        assertThat(roles(clients.operator()))
                .containsExactlyInAnyOrder(
                        "Usage.Read", "Usage.Read.All", "Usage.Read.Routed", "Usage.Report", "Registration.ReadWrite");
        assertThat(roles(clients.reporter())).containsExactly("Usage.Report");
    }

    @Test
    void secretInTheAuthorizationHeaderWorksToo() throws Exception {
        DemoClient client = clients.of(TENANT);
        String basic =
                Base64.getEncoder().encodeToString((client.clientId() + ":" + client.clientSecret()).getBytes(UTF_8));
        HttpResponse<String> answer = http.send(
                form(TENANT, "/v2.0/token", "grant_type=client_credentials")
                        .header("Authorization", "Basic " + basic)
                        .build(),
                HttpResponse.BodyHandlers.ofString());

        assertThat(accessToken(answer)).isNotEmpty();
    }

    @Test
    void wrongSecretIsAnInvalidClient() throws Exception {
        DemoClient client = clients.of(TENANT);
        assertInvalidClient(post(new DemoClient(TENANT, client.clientId(), "wrong", List.of()), TENANT, "/v2.0/token"));
    }

    @Test
    void clientOfAnotherTenantIsAnInvalidClient() throws Exception {
        assertInvalidClient(post(clients.operator(), TENANT, "/v2.0/token"));
        assertInvalidClient(post(clients.of(TENANT), OPERATOR, "/v2.0/token"));
    }

    @Test
    void noClientAtAllIsAnInvalidClient() throws Exception {
        assertInvalidClient(http.send(
                form(TENANT, "/v2.0/token", "grant_type=client_credentials").build(),
                HttpResponse.BodyHandlers.ofString()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "grant_type=password&username=a&password=b&client_id=x&client_secret=y",
                "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=a.b.c",
                "grant_type=refresh_token&refresh_token=x",
                ""
            })
    void otherGrantsOfTheLibraryAreRefused(String body) throws Exception {
        HttpResponse<String> answer =
                http.send(form(TENANT, "/v2.0/token", body).build(), HttpResponse.BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(json(answer).path("error").asText()).isEqualTo("unsupported_grant_type");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v2.0/authorize", "/v2.0/debugger", "/v2.0/userinfo", "/v2.0/introspect", "/"})
    void otherRoutesOfTheLibraryAreClosed(String path) throws Exception {
        URI uri = URI.create(provider.authority() + "/" + TENANT + path);

        assertThat(get(uri).statusCode()).isEqualTo(404);
        assertThat(get(URI.create(provider.authority() + "/notATenant/v2.0/jwks"))
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void signingInIsDescribed() throws Exception {
        JsonNode document = json(get(provider.signInDiscovery()));

        assertThat(provider.signInDiscovery().getPath())
                .isEqualTo("/organizations/v2.0/.well-known/openid-configuration");
        assertThat(document.path("issuer").asText()).isEqualTo(provider.authority() + "/{tenantid}/v2.0");
        for (String name : List.of("authorization_endpoint", "token_endpoint", "end_session_endpoint", "jwks_uri")) {
            assertThat(document.path(name).asText()).as(name).startsWith(provider.authority() + "/");
        }
        assertThat(document.path("code_challenge_methods_supported")).hasToString("[\"S256\"]");
        assertThat(get(URI.create(document.path("jwks_uri").asText())).statusCode())
                .isEqualTo(200);
    }

    @Test
    void thePageToSignInHasAButtonForEverybodyAndNoScript() throws Exception {
        HttpResponse<String> page = get(authorize("&redirect_uri=https%3A%2F%2Flocalhost%3A8443%2Fportal%2Fcallback"
                + "&state=%22%3E%3Cscript%3E&code_challenge_method=S256&code_challenge=" + "A".repeat(43)));

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Security-Policy"))
                .hasValue("default-src 'none'; style-src 'self'; form-action 'self' https://localhost:8443;"
                        + " base-uri 'none'; frame-ancestors 'none'");
        assertThat(page.body())
                .contains("Olivia Nord", "Northwind Cloud, operator", "Carla Mendes", "Proseware Hosting")
                .contains("value=\"&quot;&gt;&lt;script&gt;\"")
                .doesNotContain("<script");
        assertThat(page.body().indexOf("Olivia Nord")).isLessThan(page.body().indexOf("Carla Mendes"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "&redirect_uri=https://elsewhere.example/portal/callback",
                "&redirect_uri=https://localhost:8443/elsewhere",
                "&redirect_uri=https://localhost@elsewhere.example/portal/callback",
                "&redirect_uri=https://localhost:8443/portal/callback%23x",
                "&redirect_uri=javascript:alert(1)"
            })
    void nobodyButThePortalGetsAnAnswer(String redirect) throws Exception {
        HttpResponse<String> answer =
                get(authorize(redirect + "&code_challenge_method=S256&code_challenge=" + "A".repeat(43)));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.headers().firstValue("Location")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "&code_challenge_method=plain&code_challenge=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "&code_challenge_method=S256",
                "&code_challenge_method=S256&code_challenge=short"
            })
    void aCodeNeedsAChallenge(String challenge) throws Exception {
        HttpResponse<String> answer =
                get(authorize("&redirect_uri=https://localhost:8443/portal/callback&state=s" + challenge));

        assertThat(answer.statusCode()).isEqualTo(302);
        assertThat(answer.headers().firstValue("Location"))
                .hasValue("https://localhost:8443/portal/callback?error=invalid_request&state=s");
    }

    private URI authorize(String more) {
        return URI.create(provider.authority() + "/organizations/oauth2/v2.0/authorize?response_type=code&client_id="
                + clients.portal().clientId() + "&scope=openid" + more);
    }

    @Test
    void sameIssuerKeyAndClientsAfterARestart() throws Exception {
        String issuer = provider.mint().issuer(TENANT);
        SignedJWT before = SignedJWT.parse(provider.mint().token(clients.of(TENANT)));
        provider.close();
        // The port is given back by the library a little after shutdown() has returned.
        int port = RememberedPort.read(directory.file("identity.port"));
        await().until(() -> RememberedPort.isFree(port));
        provider = IdentityProvider.start(directory, certificate, clients, Clock.systemUTC());

        assertThat(provider.mint().issuer(TENANT)).isEqualTo(issuer);
        var key = keys(TENANT).getKeyByKeyId(before.getHeader().getKeyID()).toRSAKey();
        assertThat(before.verify(new RSASSAVerifier(key))).isTrue();
        assertThat(new DemoClients(OPERATOR, directory.secret("clients")).of(TENANT))
                .isEqualTo(clients.of(TENANT));
    }

    private List<String> roles(DemoClient client) throws Exception {
        return SignedJWT.parse(accessToken(post(client, OPERATOR, "/v2.0/token")))
                .getJWTClaimsSet()
                .getStringListClaim("roles");
    }

    private JWKSet keys(TenantId tenant) throws Exception {
        return JWKSet.parse(
                get(URI.create(provider.mint().issuer(tenant) + "/jwks")).body());
    }

    private HttpResponse<String> post(DemoClient client, TenantId tenant, String path) throws Exception {
        String body = "grant_type=client_credentials&scope=" + URLEncoder.encode("api://anything/.default", UTF_8)
                + "&client_id=" + client.clientId() + "&client_secret=" + client.clientSecret();
        return http.send(form(tenant, path, body).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder form(TenantId tenant, String path, String body) {
        return HttpRequest.newBuilder(URI.create(provider.authority() + "/" + tenant + path))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(body));
    }

    private HttpResponse<String> get(URI uri) throws Exception {
        return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String accessToken(HttpResponse<String> answer) throws Exception {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return json(answer).path("access_token").asText();
    }

    private static void assertInvalidClient(HttpResponse<String> answer) throws Exception {
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(json(answer).path("error").asText()).isEqualTo("invalid_client");
    }

    private static JsonNode json(HttpResponse<String> answer) throws Exception {
        return JSON.readTree(answer.body());
    }
}
