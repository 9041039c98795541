package io.tallygate.deploy.portal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tallygate.deploy.demo.DemoPerson;
import io.tallygate.deploy.streams.Locked;
import io.tallygate.deploy.testing.Browser;
import io.tallygate.deploy.testing.CapturedLog;
import io.tallygate.deploy.testing.HttpCaller;
import io.tallygate.deploy.testing.TestGateway;
import io.tallygate.deploy.testing.TestIdentity;
import io.tallygate.gateway.auth.Role;
import io.tallygate.gateway.portal.PortalConfig;
import io.tallygate.store.directory.TenantId;
import io.tallygate.store.testing.TestPostgres;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a browser's session may, when it is over, and that two gateways share it. */
class SessionIT {
    private static final String METERS = "/meters";
    private static final String WHO = "/portal/session";
    private static final String SIGN_OUT = "/portal/signout";
    private static final String[] CROSS_SITE = {"Sec-Fetch-Site", "cross-site"};
    private static final String SECRET = "the secret of the portal before it was changed";
    private static final String NEW_SECRET = "the secret of the portal after it was changed";

    private static TestPostgres postgres;
    private static TestGateway gateway;
    private static TestGateway other;
    private static DemoPerson person;

    private Browser browser;

    @BeforeAll
    static void start() {
        postgres = TestPostgres.fresh();
        gateway = TestGateway.paused(postgres);
        other = TestGateway.paused(postgres);
        person = TestIdentity.get().person(new TenantId(UUID.randomUUID()), Role.USAGE_READ);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        other.close();
    }

    @BeforeEach
    void signIn() {
        postgres.execute("delete from portal_session");
        browser = Browser.of(gateway, person);
    }

    @Test
    void aSessionReadsWhatItsAccessTokenReads() {
        assertThat(get(METERS).statusCode()).isEqualTo(200);
        assertThat(browser.get(at(other, METERS)).statusCode()).isEqualTo(200);
        assertThat(browser.send("HEAD", at(gateway, METERS), null).statusCode()).isEqualTo(405);
    }

    @Test
    void aTenantsSessionIsNotTheOperators() {
        for (String path : List.of("/reconciliation?from=2026-01-01&to=2026-01-02", "/deliveries", "/windows")) {
            assertRefused(get(path), 403, "AuthorizationFailed");
        }
        DemoPerson boss = TestIdentity.get().person(TestIdentity.OPERATOR, Role.values());
        Browser operator = Browser.of(gateway, boss);
        assertThat(operator.get(at(gateway, "/windows")).statusCode()).isEqualTo(200);
        assertThat(operator.session(gateway).path("operator").asBoolean()).isTrue();
        assertThat(operator.session(gateway).path("roles")).hasSize(Role.values().length);
    }

    @Test
    void anotherCredentialGoesBeforeTheCookie() {
        String token = TestIdentity.get().token(new TenantId(UUID.randomUUID()), Role.USAGE_READ);
        HttpResponse<String> answer = browser.get(at(gateway, WHO), "Authorization", "Bearer " + token);
        assertThat(HttpCaller.Answer.parse(answer.body()).path("tenantId").asText())
                .isNotEqualTo(person.tenant().toString());
        assertThat(answer.body()).doesNotContain("csrf");

        assertRefused(browser.get(at(gateway, METERS), "Authorization", "Bearer x"), 401, "InvalidAuthenticationToken");
        assertRefused(browser.get(at(gateway, METERS), "x-api-key", "tgk_x"), 401, "InvalidApiKey");
        assertThat(get(METERS).statusCode()).isEqualTo(200);
    }

    @Test
    void twoSessionsInOneRequestAreNone() {
        String value = browser.cookies().get(Browser.SESSION);
        HttpResponse<String> answer = new Browser()
                .get(
                        at(gateway, METERS),
                        "Cookie",
                        Browser.SESSION + "=" + value + "; " + Browser.SESSION + "=" + value);
        assertRefused(answer, 401, "AuthenticationFailed");
    }

    @Test
    void aChangeNeedsTheValueOfItsOwnSession() {
        URI out = at(gateway, SIGN_OUT);
        assertRefused(browser.send("POST", out, ""), 403, "CsrfTokenInvalid");
        assertRefused(browser.send("POST", out, "", "x-tallygate-csrf", "x"), 403, "CsrfTokenInvalid");
        String[] foreign = Browser.of(gateway, person).csrf(gateway);
        assertRefused(browser.send("POST", out, "", foreign), 403, "CsrfTokenInvalid");
        assertRefused(
                browser.send("DELETE", at(gateway, "/apiKeys/" + UUID.randomUUID()), null), 403, "CsrfTokenInvalid");

        assertThat(browser.send("DELETE", at(gateway, "/apiKeys/" + UUID.randomUUID()), null, browser.csrf(gateway))
                        .statusCode())
                .isEqualTo(404);
        assertThat(browser.send("POST", out, "", browser.csrf(gateway)).statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"cross-site, 403", "same-site, 200", "same-origin, 200", "none, 200"})
    void readingIsNotForPagesOfOtherSites(String site, int status) {
        assertThat(browser.get(at(gateway, METERS), "Sec-Fetch-Site", site).statusCode())
                .isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cross-site", "same-site", "none"})
    void changingIsForThePortalsPagesAlone(String site) {
        String[] csrf = browser.csrf(gateway);
        assertRefused(
                browser.send("POST", at(gateway, SIGN_OUT), "", csrf[0], csrf[1], "Sec-Fetch-Site", site),
                403,
                "CrossSiteRequest");
        assertThat(browser.send("POST", at(gateway, SIGN_OUT), "", csrf[0], csrf[1], "Sec-Fetch-Site", "same-origin")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void aLinkFromElsewhereOpensThePortalButNothingWithTheSession() {
        assertThat(browser.get(at(gateway, "/portal/"), CROSS_SITE).statusCode())
                .isEqualTo(200);
        assertRefused(browser.get(at(gateway, METERS), CROSS_SITE), 403, "CrossSiteRequest");
    }

    @Test
    void whoSignsOutIsOutOnEveryGateway() {
        Browser thief = browser.copy();
        HttpResponse<String> out = browser.send("POST", at(gateway, SIGN_OUT), "", browser.csrf(gateway));

        assertThat(browser.cookies()).isEmpty();
        for (TestGateway each : List.of(gateway, other)) {
            assertRefused(thief.copy().get(at(each, METERS)), 401, "SessionExpired");
            HttpResponse<String> refused = thief.copy().get(at(each, WHO));
            assertRefused(refused, 401, "SessionExpired");
            assertThat(Browser.attributes(refused, Browser.SESSION)).contains("Max-Age=0");
        }
        assertThat(postgres.query("select action from audit_entry where subject = '" + person.id() + "'"))
                .contains("portal.signout");
        URI end = URI.create(
                HttpCaller.Answer.parse(out.body()).path("signOutUri").asText());
        assertThat(end.getQuery())
                .contains("post_logout_redirect_uri=" + gateway.url() + "/portal/", "id_token_hint=ey");
        assertThat(Browser.location(browser.get(end))).isEqualTo(at(gateway, "/portal/"));
    }

    @Test
    void aSessionIsOverWhenItIsOldOrWasNotUsed() {
        postgres.execute("update portal_session set last_used_at = clock_timestamp() - interval '29 minutes'");
        assertThat(get(METERS).statusCode()).isEqualTo(200);
        postgres.execute("update portal_session set last_used_at = clock_timestamp() - interval '30 minutes'");
        assertRefused(browser.copy().get(at(gateway, METERS)), 401, "SessionExpired");
        postgres.execute("update portal_session set last_used_at = clock_timestamp(), expires_at = clock_timestamp()");
        assertRefused(browser.copy().get(at(gateway, METERS)), 401, "SessionExpired");

        Browser.of(gateway, person);
        assertThat(postgres.query("select count(*) from portal_session")).containsExactly("1");
    }

    @Test
    void useKeepsASessionAlive() {
        postgres.execute("update portal_session set last_used_at = clock_timestamp() - interval '20 minutes'");
        assertThat(get(METERS).statusCode()).isEqualTo(200);
        await().until(() -> postgres.query(
                        "select last_used_at > clock_timestamp() - interval '1 minute'" + " from portal_session")
                .equals(List.of("t")));
    }

    @Test
    void aPersonHasTwentySessionsAtTheMost() {
        for (int i = 0; i < 20; i++) {
            Browser.of(gateway, person);
        }
        assertThat(postgres.query("select count(*) from portal_session")).containsExactly("20");
        assertRefused(get(METERS), 401, "SessionExpired");
    }

    @Test
    void whatNobodyMadeIsRefusedWithoutALook() {
        for (String cookie : List.of("", "x", "A".repeat(64), browser.cookies().get(Browser.SESSION) + "A")) {
            HttpResponse<String> answer =
                    new Browser().get(at(gateway, METERS), "Cookie", Browser.SESSION + "=" + cookie);
            assertRefused(answer, 401, "SessionExpired");
        }
        assertRefused(new Browser().get(at(gateway, WHO)), 401, "AuthenticationFailed");
    }

    @Test
    void twoGatewaysUseARefreshTokenOnce() throws Exception {
        for (int round = 0; round < 5; round++) {
            String before = sealed();
            postgres.execute("update portal_session set renew_at = clock_timestamp() - interval '1 hour',"
                    + " token_expires_at = clock_timestamp() - interval '1 hour'");
            ExecutorService callers = Executors.newFixedThreadPool(8);
            try {
                List<Future<Integer>> answers = new ArrayList<>();
                for (int i = 0; i < 16; i++) {
                    URI uri = at(i % 2 == 0 ? gateway : other, METERS);
                    answers.add(callers.submit(() -> browser.copy().get(uri).statusCode()));
                }
                for (Future<Integer> answer : answers) {
                    assertThat(answer.get()).isEqualTo(200);
                }
            } finally {
                callers.shutdown();
            }
            // The provider ends everything when a refresh token comes twice: the next round would be refused.
            assertThat(sealed()).isNotEqualTo(before);
        }
    }

    @Test
    void whatTheProviderDoesNotRenewIsOver() {
        String[] csrf = browser.csrf(gateway);
        Browser thief = browser.copy();
        String sealed = sealed();
        expire();
        assertThat(get(METERS).statusCode()).isEqualTo(200);
        // A copy of the table from before: its refresh token was used.
        postgres.execute("update portal_session set sealed_tokens = '\\x" + sealed + "'");
        expire();

        // A late answer must not take back a newer cookie: only where the page asks who it is.
        assertRefused(thief.get(at(gateway, METERS)), 401, "SessionExpired");
        assertThat(thief.cookies()).isNotEmpty();
        assertRefused(thief.get(at(gateway, WHO)), 401, "SessionExpired");
        assertThat(thief.cookies()).isEmpty();
        assertRefused(browser.send("POST", at(other, SIGN_OUT), "", csrf), 401, "SessionExpired");
        assertThat(postgres.query("select count(*) from portal_session")).containsExactly("0");
    }

    @Test
    void nobodyWaitsForARenewalElsewhereWhileTheTokenIsGood() throws SQLException {
        postgres.execute("update portal_session set renew_at = clock_timestamp() - interval '1 hour'");
        try (Connection elsewhere = elsewhere();
                Statement statement = elsewhere.createStatement()) {
            statement.execute("select 1 from portal_session for update");
            assertThat(get(METERS).statusCode()).isEqualTo(200);
        }
        await().until(() -> get(METERS).statusCode() == 200
                && postgres.query("select renew_at > clock_timestamp() from portal_session")
                        .equals(List.of("t")));
    }

    @Test
    void notesOfUseDoNotWaitForARenewal() throws SQLException {
        postgres.execute("update portal_session set last_used_at = clock_timestamp() - interval '20 minutes'");
        try (Connection elsewhere = elsewhere();
                Statement statement = elsewhere.createStatement()) {
            statement.execute("select 1 from portal_session for update");
            for (int i = 0; i < 20; i++) {
                assertThat(get(METERS).statusCode()).isEqualTo(200);
            }
            assertThat(postgres.query("select count(*) from pg_locks where not granted"))
                    .containsExactly("0");
        }
    }

    @Test
    void sessionsThatAreLookedForLeaveConnectionsToOthers() throws Exception {
        List<Browser> browsers = new ArrayList<>(List.of(browser));
        while (browsers.size() < 10) {
            browsers.add(Browser.of(gateway, person));
        }
        HttpCaller other = HttpCaller.of(gateway, new TenantId(UUID.randomUUID()), Role.USAGE_READ);
        ExecutorService callers = Executors.newFixedThreadPool(20);
        List<Future<Integer>> answers = new ArrayList<>();
        try (Locked locked = new Locked(postgres, "portal_session")) {
            for (int i = 0; i < 20; i++) {
                Browser each = browsers.get(i / 2).copy();
                answers.add(callers.submit(() -> each.get(at(gateway, METERS)).statusCode()));
            }
            await().until(locked::isWaitedFor);
            assertThat(other.get(METERS).status()).isEqualTo(200);
            assertThat(postgres.query("select pid from pg_locks where not granted"))
                    .hasSizeLessThanOrEqualTo(4);
        } finally {
            callers.shutdown();
        }
        for (Future<Integer> answer : answers) {
            assertThat(answer.get()).isEqualTo(200);
        }
    }

    /** Else the page would think that it is over, and it is not. */
    @Test
    void whoCouldNotSignOutHasTheCookieStill() throws SQLException {
        String[] csrf = browser.csrf(gateway);
        try (Connection elsewhere = elsewhere();
                Statement statement = elsewhere.createStatement()) {
            statement.execute("select 1 from portal_session for update");
            assertRefused(browser.send("POST", at(gateway, SIGN_OUT), "", csrf), 503, "ServiceUnavailable");
            assertThat(browser.cookies()).isNotEmpty();
        }
        assertThat(browser.send("POST", at(gateway, SIGN_OUT), "", csrf).statusCode())
                .isEqualTo(200);
        assertThat(browser.cookies()).isEmpty();
    }

    private static Connection elsewhere() throws SQLException {
        Connection elsewhere = postgres.connect();
        elsewhere.setAutoCommit(false);
        return elsewhere;
    }

    @Test
    void whileTheProviderIsAwayTheSessionStays() throws IOException {
        TestPostgres own = TestPostgres.fresh();
        URI nobody = URI.create("https://localhost:1/.well-known/openid-configuration");
        String ca = Files.readString(TestIdentity.get().caFile());
        try (TestGateway here = portal(own, SECRET);
                TestGateway lonely =
                        TestGateway.withPortal(own, Optional.of(TestIdentity.portal(nobody, ca, SECRET)))) {
            Browser somebody = Browser.of(here, person);
            own.execute("update portal_session set renew_at = clock_timestamp() - interval '1 hour'");
            assertThat(somebody.get(at(lonely, METERS)).statusCode()).isEqualTo(200);
            own.execute("update portal_session set token_expires_at = clock_timestamp() - interval '1 hour'");
            HttpResponse<String> away = somebody.get(at(lonely, METERS));
            assertRefused(away, 503, "ServiceUnavailable");
            assertThat(away.headers().firstValue("Retry-After")).isPresent();

            assertThat(somebody.get(at(here, METERS)).statusCode()).isEqualTo(200);
            // It is ended here all the same; only nobody can say where to go on.
            own.execute("update portal_session set renew_at = clock_timestamp() + interval '1 hour'");
            HttpResponse<String> out = somebody.send("POST", at(lonely, SIGN_OUT), "", somebody.csrf(lonely));
            assertThat(HttpCaller.Answer.parse(out.body()).path("signOutUri").isNull())
                    .as(out.body())
                    .isTrue();
            assertThat(own.query("select count(*) from portal_session")).containsExactly("0");
        }
    }

    @Test
    void theTableGivesNobodyAToken() {
        String row = String.join("", postgres.query("select portal_session::text from portal_session"));
        byte[] sealed = HexFormat.of().parseHex(sealed());
        String text = new String(sealed, StandardCharsets.ISO_8859_1);

        assertThat(row + text).doesNotContain("eyJ").doesNotContain("access").doesNotContain(person.name());
        assertThat(row)
                .doesNotContain(browser.cookies().get(Browser.SESSION))
                .doesNotContain(HexFormat.of()
                        .formatHex(
                                Base64.getUrlDecoder().decode(browser.cookies().get(Browser.SESSION)), 0, 32));
        // Nor do the tokens open in another's row.
        DemoPerson boss = TestIdentity.get().person(TestIdentity.OPERATOR, Role.values());
        Browser.of(gateway, boss);
        postgres.execute(
                "update portal_session set sealed_tokens = (select sealed_tokens from portal_session where subject = '"
                        + boss.id() + "') where subject = '" + person.id() + "'");
        assertRefused(get("/windows"), 401, "SessionExpired");
    }

    @Test
    void theSecretIsChangedWithoutAnybodyNoticing() {
        TestPostgres own = TestPostgres.fresh();
        Browser before;
        try (TestGateway old = portal(own, SECRET)) {
            before = Browser.of(old, person);
        }
        try (TestGateway both = portal(own, NEW_SECRET, SECRET)) {
            assertThat(before.get(at(both, METERS)).statusCode()).isEqualTo(200);
            assertThat(before.send("POST", at(both, SIGN_OUT), "", before.csrf(both))
                            .statusCode())
                    .isEqualTo(200);
            before = Browser.of(both, person);
        }
        try (TestGateway renewed = portal(own, NEW_SECRET)) {
            assertThat(before.get(at(renewed, METERS)).statusCode()).isEqualTo(200);
        }
        try (TestGateway old = portal(own, SECRET)) {
            assertRefused(before.get(at(old, METERS)), 401, "SessionExpired");
        }
    }

    @Test
    void withoutAClientIdThereIsNoPortal() {
        try (TestGateway none = TestGateway.withPortal(postgres, Optional.empty())) {
            for (String path : List.of("/portal", "/portal/", "/portal/signin", "/portal/callback", WHO, "/PORTAL/x")) {
                HttpResponse<String> answer = new Browser().get(at(none, path));
                assertRefused(answer, 404, "ResourceNotFound");
                assertThat(answer.body()).contains("portal.clientId");
            }
            assertRefused(browser.get(at(none, METERS)), 401, "AuthenticationFailed");
        }
    }

    @Test
    void nothingOfASessionIsLogged() {
        try (CapturedLog log = new CapturedLog()) {
            String cookie = browser.cookies().get(Browser.SESSION);
            String csrf = browser.csrf(gateway)[1];
            expire();
            get(METERS);
            postgres.execute("update portal_session set sealed_tokens = '\\x00'");
            get(METERS);
            browser.get(at(gateway, METERS));
            assertThat(String.join("\n", log.messages()))
                    .doesNotContain(cookie)
                    .doesNotContain(csrf)
                    .doesNotContain("eyJ");
        }
    }

    private static TestGateway portal(TestPostgres own, String... secrets) {
        PortalConfig config = TestIdentity.get().portal(secrets);
        return TestGateway.withPortal(own, Optional.of(config));
    }

    private static void expire() {
        postgres.execute("update portal_session set renew_at = clock_timestamp() - interval '1 hour',"
                + " token_expires_at = clock_timestamp() - interval '1 hour'");
    }

    private static String sealed() {
        return postgres.query("select encode(sealed_tokens, 'hex') from portal_session")
                .get(0);
    }

    private HttpResponse<String> get(String path) {
        return browser.get(at(gateway, path));
    }

    private static URI at(TestGateway gateway, String path) {
        return URI.create(gateway.url() + path);
    }

    private static void assertRefused(HttpResponse<String> answer, int status, String code) {
        assertThat(Map.entry(
                        answer.statusCode(),
                        HttpCaller.Answer.parse(answer.body())
                                .path("error")
                                .path("code")
                                .asText()))
                .as(answer.body())
                .isEqualTo(Map.entry(status, code));
    }
}
