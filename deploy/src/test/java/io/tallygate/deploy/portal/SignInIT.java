package io.tallygate.deploy.portal;

import static io.tallygate.deploy.testing.Browser.location;
import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.deploy.demo.DemoPerson;
import io.tallygate.deploy.streams.Locked;
import io.tallygate.deploy.testing.Browser;
import io.tallygate.deploy.testing.CapturedLog;
import io.tallygate.deploy.testing.TestGateway;
import io.tallygate.deploy.testing.TestIdentity;
import io.tallygate.gateway.admission.AdmissionConfig;
import io.tallygate.gateway.auth.AuthConfig;
import io.tallygate.gateway.auth.IssuerConfig;
import io.tallygate.gateway.auth.Role;
import io.tallygate.gateway.http.ConnectionConfig;
import io.tallygate.store.DatabaseConfig;
import io.tallygate.store.directory.TenantId;
import io.tallygate.store.testing.TestPostgres;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Signing in to the portal, as a browser does, and everything that can be wrong with it. */
class SignInIT {
    private static final String HOME = "/portal/";
    private static final String SECRET = "a secret of the portal in SignInIT, long enough";

    private static TestGateway gateway;
    private static DemoPerson person;

    private final Browser browser = new Browser();

    @BeforeAll
    static void start() {
        gateway = TestGateway.paused(TestPostgres.fresh());
        person = TestIdentity.get().person(new TenantId(UUID.randomUUID()), Role.USAGE_READ);
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void aPersonSignsInAndComesBackToWhereItWas() {
        URI page = browser.begin(gateway, "/portal/#/usage?meter=a%20b");
        assertThat(page.getQuery())
                .contains("response_type=code", "code_challenge_method=S256", "scope=openid profile offline_access")
                .contains("redirect_uri=" + gateway.url() + "/portal/callback")
                .doesNotContain("code_verifier");

        HttpResponse<String> back = browser.get(browser.choose(page, person));

        assertThat(location(back)).hasToString("/portal/#/usage?meter=a%20b");
        assertThat(back.headers().firstValue("Cache-Control")).hasValue("no-store");
        assertThat(browser.cookies()).containsOnlyKeys(Browser.SESSION);
        var session = browser.session(gateway);
        assertThat(session.path("name").asText()).isEqualTo(person.name());
        assertThat(session.path("subject").asText()).isEqualTo(person.id());
        assertThat(session.path("tenantId").asText()).isEqualTo(person.tenant().toString());
        assertThat(session.path("operator").asBoolean()).isFalse();
        assertThat(session.path("roles")).hasToString("[\"Usage.Read\"]");
        assertThat(gateway.postgres()
                        .query("select action, tenant_id, subject from audit_entry where action like 'portal.%'"))
                .contains("portal.signin|" + person.tenant() + "|" + person.id());
    }

    @Test
    void cookiesAreForThisHostAndOutOfReach() {
        HttpResponse<String> begun = browser.get(URI.create(gateway.url() + "/portal/signin"));
        assertThat(Browser.attributes(begun, Browser.SIGN_IN))
                .containsExactly("HttpOnly", "Max-Age=600", "Path=/", "SameSite=Lax", "Secure");

        HttpResponse<String> back = browser.get(browser.choose(location(begun), person));

        assertThat(Browser.attributes(back, Browser.SESSION))
                .containsExactly("HttpOnly", "Path=/", "SameSite=Lax", "Secure");
        assertThat(Browser.attributes(back, Browser.SIGN_IN)).contains("Max-Age=0", "Path=/", "Secure");
        assertThat(browser.cookies().get(Browser.SESSION)).hasSize(64);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://elsewhere.example/",
                "//elsewhere.example/",
                "/\\elsewhere.example/",
                "/portal/../reconciliation",
                "/portal/\r\nSet-Cookie: a=b",
                "javascript:alert(1)",
                "/portal/#/a\"b",
                "/elsewhere"
            })
    void nobodyIsLedElsewhere(String returnTo) {
        HttpResponse<String> back = browser.get(browser.choose(browser.begin(gateway, returnTo), person));

        assertThat(location(back)).hasToString(HOME);
    }

    @Test
    void whoCancelsIsToldSo() {
        assertFailed(browser.get(browser.choose(browser.begin(gateway, null), null)), "denied");
    }

    @Test
    void anAnswerNeedsTheSignInThatThisBrowserBegan() {
        URI back = browser.choose(browser.begin(gateway, null), person);

        assertFailed(new Browser().get(back), "stateUnknown");
        Browser other = new Browser();
        other.begin(gateway, null);
        assertFailed(other.get(back), "stateUnknown");
        assertFailed(browser.copy().get(URI.create(back.toString().replaceFirst("state=.", "state="))), "stateUnknown");
        assertFailed(browser.copy().get(URI.create(back + "&state=another")), "stateUnknown");
        assertFailed(new Browser().get(URI.create(gateway.url() + "/portal/callback")), "stateUnknown");
        Browser forged = browser.copy();
        forged.cookies().computeIfPresent(Browser.SIGN_IN, (name, value) -> "A" + value.substring(1));
        assertFailed(forged.get(back), "stateUnknown");
    }

    @Test
    void anAnswerCountsOnce() {
        URI back = browser.choose(browser.begin(gateway, null), person);
        Browser thief = browser.copy();
        location(browser.get(back));
        String session = browser.cookies().get(Browser.SESSION);

        assertFailed(browser.get(back), "stateUnknown");
        assertFailed(thief.get(back), "providerRefused");
        assertThat(browser.cookies()).containsEntry(Browser.SESSION, session);
    }

    @Test
    void aCodeThatNobodyGaveIsRefused() {
        URI back = browser.choose(browser.begin(gateway, null), person);

        assertFailed(browser.get(changed(back, "code", "another")), "providerRefused");
    }

    @Test
    void aCodeForAnotherVerifierIsRefused() {
        URI page = changed(browser.begin(gateway, null), "code_challenge", "A".repeat(43));

        assertFailed(browser.get(browser.choose(page, person)), "providerRefused");
    }

    @Test
    void anIdTokenForAnotherSignInIsRefused() {
        URI page = changed(browser.begin(gateway, null), "nonce", "another");

        assertFailed(browser.get(browser.choose(page, person)), "tokenRefused");
    }

    @Test
    void aSessionIsNeverOneThatWasThereBefore() {
        Browser attacker = Browser.of(gateway, person);
        String known = attacker.cookies().get(Browser.SESSION);
        browser.cookies().put(Browser.SESSION, known);

        location(browser.signIn(gateway, person));

        assertThat(browser.cookies().get(Browser.SESSION)).isNotEqualTo(known);
        assertThat(attacker.get(URI.create(gateway.url() + "/portal/session")).statusCode())
                .isEqualTo(401);
    }

    @Test
    void anAccessTokenThatIsNotForThisGatewayIsRefused() throws Exception {
        TestIdentity identity = TestIdentity.get();
        AuthConfig auth = AuthConfig.of(
                List.of(new IssuerConfig(
                        identity.issuerTemplate(),
                        Set.of(),
                        Optional.of(identity.discovery()),
                        Optional.of(Files.readString(identity.caFile())))),
                Set.of("https://another.audience"),
                TestIdentity.OPERATOR);
        try (TestGateway other = TestGateway.trusting(TestPostgres.fresh(), auth)) {
            assertFailed(browser.signIn(other, person), "tokenRefused");
        }
    }

    @Test
    void aProviderThatIsAwayIsNoBlankPage() throws Exception {
        String ca = Files.readString(TestIdentity.get().caFile());
        URI nobody = URI.create("https://localhost:1/.well-known/openid-configuration");
        try (TestGateway lonely =
                TestGateway.withPortal(TestPostgres.fresh(), Optional.of(TestIdentity.portal(nobody, ca, SECRET)))) {
            assertFailed(browser.get(URI.create(lonely.url() + "/portal/signin")), "providerAway");
        }
    }

    @Test
    void anotherSitesLinkDoesNotEndASignIn() {
        URI back = browser.choose(browser.begin(gateway, null), person);

        assertFailed(browser.get(changed(back, "state", "another")), "stateUnknown");
        assertThat(location(browser.get(back))).hasToString(HOME);
    }

    @Test
    void aDatabaseThatIsBusyIsNoBlankPage() throws SQLException {
        try (TestGateway hurried = hurried()) {
            URI back = browser.choose(browser.begin(hurried, null), person);
            try (Locked locked = new Locked(gateway.postgres(), "portal_session")) {
                assertFailed(browser.get(back), "busy");
                assertThat(locked.isWaitedFor()).isFalse();
            }
        }
    }

    @Test
    void nobodyWaitsForARenewalOfTheSessionThatIsReplaced() throws SQLException {
        try (TestGateway hurried = hurried();
                Connection elsewhere = gateway.postgres().connect();
                Statement statement = elsewhere.createStatement()) {
            Browser again = Browser.of(hurried, person);
            elsewhere.setAutoCommit(false);
            statement.execute("select 1 from portal_session for update");

            assertThat(location(again.signIn(hurried, person))).hasToString(HOME);
        }
    }

    @Test
    void whoMakesUpCodesIsRefusedAsWhoMakesUpTokens() {
        AdmissionConfig strict = new AdmissionConfig(8, 100, Duration.ofSeconds(1), 1, 0, 1, 1);
        try (TestGateway own = TestGateway.bounded(gateway.postgres(), ConnectionConfig.DEFAULT, strict)) {
            URI back = changed(browser.choose(browser.begin(own, null), person), "code", "another");
            assertThat(Stream.generate(() -> browser.copy().get(back).statusCode())
                            .limit(60)
                            .anyMatch(status -> status == 429))
                    .isTrue();
        }
    }

    private static TestGateway hurried() {
        DatabaseConfig usual = gateway.postgres().config();
        return TestGateway.paused(
                gateway.postgres(),
                new DatabaseConfig(
                        usual.url(),
                        usual.user(),
                        usual.password(),
                        usual.poolSize(),
                        usual.maxWaitQueue(),
                        usual.connectTimeout(),
                        Duration.ofSeconds(2)));
    }

    @Test
    void noSecretIsLogged() {
        try (CapturedLog log = new CapturedLog()) {
            URI back = browser.choose(browser.begin(gateway, null), person);
            String code = back.getQuery().replaceAll(".*code=([^&]*).*", "$1");
            browser.get(changed(back, "code", code + "x"));
            browser.signIn(gateway, person);
            assertThat(String.join("\n", log.messages()))
                    .contains("could not sign in")
                    .doesNotContain(code)
                    .doesNotContain(browser.cookies().get(Browser.SESSION))
                    .doesNotContain("eyJ");
        }
    }

    private static URI changed(URI uri, String parameter, String value) {
        String text = uri.toString().replaceFirst("([?&]" + parameter + "=)[^&]*", "$1" + value);
        assertThat(text).isNotEqualTo(uri.toString());
        return URI.create(text);
    }

    private static void assertFailed(HttpResponse<String> answer, String error) {
        assertThat(location(answer)).hasToString("/portal/#/signin?error=" + error);
        assertThat(Browser.attributes(answer, Browser.SESSION)).isEmpty();
    }
}
