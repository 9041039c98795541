package io.tallygate.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.deploy.testing.HttpCaller;
import io.tallygate.deploy.testing.HttpCaller.Answer;
import io.tallygate.deploy.testing.RawCaller;
import io.tallygate.deploy.testing.TestEvent;
import io.tallygate.deploy.testing.TestGateway;
import io.tallygate.deploy.testing.TestIdentity;
import io.tallygate.deploy.testing.TestWorld;
import io.tallygate.gateway.auth.Role;
import io.tallygate.gateway.usage.ContinuationTokens;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import io.tallygate.store.testing.TestPostgres;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Pages, their links and the tokens in them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PagingIT {
    private static final int ROWS = 2_001;
    private static final String VERSION = "api-version=2015-06-01-preview";
    private static final String TOKEN = "continuationToken=";

    private final TenantId tenant = new TenantId(UUID.randomUUID());
    private final Instant today = Instant.now().truncatedTo(ChronoUnit.DAYS);
    private final Instant yesterday = today.minus(1, ChronoUnit.DAYS);
    private TestGateway gateway;
    private TestWorld world;
    private SubscriptionId subscription;
    private SubscriptionId other;
    private HttpCaller caller;
    private HttpCaller operator;

    @BeforeAll
    void loadUsage() {
        gateway = TestGateway.paused(TestPostgres.fresh());
        world = new TestWorld(gateway);
        world.registration(UUID.randomUUID(), "north");
        subscription = world.subscription(tenant);
        other = world.subscription(tenant);
        String lines = IntStream.range(0, ROWS)
                .mapToObj(i -> TestEvent.of(Integer.toString(i), subscription, yesterday.plus(i % 24, ChronoUnit.HOURS))
                        .line())
                .collect(Collectors.joining());
        assertThat(world.post(lines, true).path("Accepted").asInt()).isEqualTo(ROWS);
        gateway.startBackgroundWork();
        world.sealThrough(today);
        caller = HttpCaller.of(gateway, tenant, Role.USAGE_READ);
        operator = HttpCaller.operator(gateway);
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    private String path() {
        return "/subscriptions/" + subscription + "/providers/Microsoft.Commerce/UsageAggregates?" + query();
    }

    private String query() {
        return VERSION + "&reportedStartTime=" + yesterday + "&reportedEndTime=" + today;
    }

    private static String link(Answer page) {
        assertThat(page.status()).as(page.body()).isEqualTo(200);
        return page.json().path("nextLink").asText();
    }

    private static String token(String link) {
        return link.substring(link.indexOf(TOKEN) + TOKEN.length());
    }

    private static List<String> names(Answer page) {
        assertThat(page.status()).as(page.body()).isEqualTo(200);
        List<String> names = new ArrayList<>();
        page.json().path("value").forEach(row -> names.add(row.path("name").asText()));
        return names;
    }

    private static List<Answer> pages(HttpCaller caller, String first) {
        List<Answer> pages = new ArrayList<>();
        for (String next = first; next != null; ) {
            Answer page = caller.get(next);
            assertThat(page.status()).as(page.body()).isEqualTo(200);
            pages.add(page);
            JsonNode link = page.json().path("nextLink");
            next = link.isMissingNode() ? null : link.asText();
        }
        return pages;
    }

    private void assertNotTaken(HttpCaller by, String link) {
        Answer answer = by.get(link);
        assertThat(answer.status()).as(link + ": " + answer.body()).isEqualTo(400);
        assertThat(answer.errorCode()).isEqualTo("InvalidProperty");
        assertThat(answer.json().at("/error/message").asText()).contains("`continuationToken`");
    }

    @Test
    void everyRowIsOnExactlyOnePageOfAThousand() {
        for (String granularity : List.of("Daily", "Hourly")) {
            List<List<String>> pages = pages(caller, path() + "&aggregationGranularity=" + granularity).stream()
                    .map(PagingIT::names)
                    .toList();
            assertThat(pages).extracting(List::size).containsExactly(1000, 1000, 1);
            Set<String> all = new HashSet<>();
            pages.forEach(all::addAll);
            assertThat(all).hasSize(ROWS);
        }
    }

    @Test
    void theLastPageHasNoLinkAtAll() {
        List<Answer> pages = pages(caller, path());
        assertThat(pages.get(2).body()).doesNotContain("nextLink");
    }

    @Test
    void theLinkRepeatsTheRequestAndEndsWithTheToken() {
        String link = link(caller.get(path().replace("?", "?showDetails=true&") + "&aggregationGranularity=hourly"));
        String expected =
                gateway.url() + path().replace("?", "?showDetails=true&") + "&aggregationGranularity=hourly&" + TOKEN;
        assertThat(link).startsWith(expected);
        assertThat(token(link)).matches("[A-Za-z0-9_-]{1,200}");
        String second = link(caller.get(link));
        assertThat(second).startsWith(expected).isNotEqualTo(link);
        assertThat(second.indexOf(TOKEN)).as("one token only").isEqualTo(second.lastIndexOf(TOKEN));
    }

    @Test
    void theTokenIsLastWhereverItWasBefore() {
        String token = token(link(caller.get(path())));
        String second = link(caller.get(path().replace("?", "?ContinuationTOKEN=" + token + "&")));
        assertThat(second).startsWith(gateway.url() + path() + "&" + TOKEN);
        assertThat(second.toLowerCase(java.util.Locale.ROOT).split("continuationtoken=", -1))
                .hasSize(2);
    }

    @Test
    void theLinkLeadsToTheHostThatTheClientUsed() {
        RawCaller raw = new RawCaller(gateway, TestIdentity.get().token(tenant, Role.USAGE_READ));
        assertThat(raw.sendTo("usage.example.com", "GET", path()).body())
                .contains("\"nextLink\":\"https://usage.example.com/subscriptions/");
        assertThat(raw.sendTo("usage.example.com:444", "GET", path()).body())
                .contains("\"nextLink\":\"https://usage.example.com:444/subscriptions/");
        RawCaller.Answer strangers = raw.send(
                "GET",
                path(),
                "X-Forwarded-Host: evil.example.com",
                "X-Forwarded-Proto: http",
                "Forwarded: host=evil.example.com;proto=http");
        assertThat(strangers.body()).contains("\"nextLink\":\"" + gateway.url()).doesNotContain("evil");
    }

    @Test
    void theTokenWinsOverTimesAndGranularity() {
        Answer first = caller.get(path());
        Answer second = caller.get(link(first));
        String overwritten = link(first)
                .replace("reportedStartTime=" + yesterday, "reportedStartTime=2001-02-03T04:05:06Z")
                .replace("reportedEndTime=" + today, "reportedEndTime=nonsense&aggregationGranularity=Hourly");
        assertThat(names(caller.get(overwritten))).isEqualTo(names(second));
        String alone = path().replace(query(), VERSION) + "&" + TOKEN + token(link(first));
        assertThat(names(caller.get(alone))).isEqualTo(names(second));
    }

    @Test
    void aTokenStillNeedsTheApiVersion() {
        Answer answer = caller.get(link(caller.get(path())).replace(VERSION + "&", ""));
        assertThat(answer.errorCode()).isEqualTo("NoApiVersion");
    }

    @Test
    void aTokenWithAnyBitFlippedIsRefused() {
        String link = link(caller.get(path()));
        String token = token(link);
        String before = link.substring(0, link.length() - token.length());
        byte[] bytes = Base64.getUrlDecoder().decode(token);
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            byte[] forged = bytes.clone();
            forged[bit / 8] = (byte) (forged[bit / 8] ^ (1 << (bit % 8)));
            assertNotTaken(
                    caller, before + Base64.getUrlEncoder().withoutPadding().encodeToString(forged));
        }
    }

    @Test
    void aTokenThatIsCutLongerOrOtherwiseWrittenIsRefused() {
        String link = link(caller.get(path()));
        String token = token(link);
        String before = link.substring(0, link.length() - token.length());
        for (int length = 1; length < token.length(); length++) {
            assertNotTaken(caller, before + token.substring(0, length));
        }
        assertNotTaken(caller, link + "A");
        assertNotTaken(caller, link + "=");
        assertNotTaken(caller, link + "%3D%3D");
        assertNotTaken(caller, link + "%00");
        assertNotTaken(caller, before + "x".repeat(5000));
        assertNotTaken(caller, before + "%F0%9F%98%80");
        // The spare bits of the last character: the same bytes in another text.
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        for (int i = 0; i < alphabet.length(); i++) {
            char last = alphabet.charAt(i);
            if (last != token.charAt(token.length() - 1)) {
                assertNotTaken(caller, before + token.substring(0, token.length() - 1) + last);
            }
        }
    }

    @Test
    void aTokenOfAnotherPathCallerOrSecretIsRefused() {
        String link = link(caller.get(path()));
        assertNotTaken(caller, link.replace(subscription.toString(), other.toString()));
        // The operator may read the path too, but the token was not given to it.
        assertNotTaken(operator, link);
        String admin = "/subscriptions/" + TestGateway.OPERATOR_SUBSCRIPTION
                + "/providers/Microsoft.Commerce.Admin/subscriberUsageAggregates?" + query();
        assertNotTaken(operator, admin + "&" + TOKEN + token(link));
        assertNotTaken(operator, link(operator.get(admin)).replace("Microsoft.Commerce.Admin", "Microsoft.Commerce"));

        ContinuationTokens otherGateways = new ContinuationTokens(List.of("another secret than that of the gateway"));
        String binding = "/subscriptions/" + subscription + "/providers/microsoft.commerce/usageaggregates";
        ContinuationTokens.Continuation where = new ContinuationTokens.Continuation(
                new io.tallygate.gateway.usage.UsageRequest(
                        io.tallygate.store.aggregate.AggregationGranularity.Daily,
                        yesterday,
                        today,
                        java.util.Optional.empty()),
                new io.tallygate.store.aggregate.PagePosition(yesterday, 1));
        assertNotTaken(caller, path() + "&" + TOKEN + otherGateways.seal(where, binding));
    }

    @Test
    void aForeignPathIsRefusedBeforeItsToken() {
        String link = link(caller.get(path()));
        HttpCaller stranger = HttpCaller.of(gateway, new TenantId(UUID.randomUUID()), Role.USAGE_READ);
        Answer answer = stranger.get(link);
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.errorCode()).isEqualTo("AuthorizationFailed");
        assertThat(stranger.get(link + "forged").status()).isEqualTo(403);
    }

    @Test
    void aPathInAnotherCaseIsTheSamePath() {
        String link = link(caller.get(path()));
        assertThat(names(caller.get(link.replace("UsageAggregates", "usageaggregates"))))
                .isEqualTo(names(caller.get(link)));
    }

    @Test
    void theAdminRoutePagesWithItsSubscriber() {
        String admin = "/subscriptions/" + TestGateway.OPERATOR_SUBSCRIPTION
                + "/providers/Microsoft.Commerce.Admin/subscriberUsageAggregates?" + query();
        assertThat(pages(operator, admin + "&subscriberId=" + subscription))
                .extracting(page -> names(page).size())
                .containsExactly(1000, 1000, 1);
        assertThat(pages(operator, admin))
                .extracting(page -> names(page).size())
                .containsExactly(1000, 1000, 1);
    }

    @Test
    void everyPageHasTheSameBytesAlsoAfterMoreUsageCame() {
        List<String> before = bodies();
        assertThat(bodies()).isEqualTo(before);
        Instant hour = yesterday.plus(3, ChronoUnit.HOURS);
        String late = IntStream.range(0, 50)
                .mapToObj(i -> TestEvent.of("late-" + i, subscription, hour).line())
                .collect(Collectors.joining());
        assertThat(world.post(late, false).path("Accepted").asInt()).isEqualTo(50);
        world.sealThrough(Instant.now().truncatedTo(ChronoUnit.HOURS).plus(1, ChronoUnit.HOURS));
        world.put(subscription, tenant, ",\"state\":\"Disabled\"");
        assertThat(bodies()).isEqualTo(before);
    }

    private List<String> bodies() {
        return pages(caller, path()).stream().map(Answer::body).toList();
    }
}
