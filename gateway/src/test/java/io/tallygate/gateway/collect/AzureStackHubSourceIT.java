package io.tallygate.gateway.collect;

import static io.tallygate.gateway.collect.ScriptedSource.answer;
import static io.tallygate.gateway.collect.ScriptedSource.page;
import static io.tallygate.gateway.collect.ScriptedSource.token;
import static io.tallygate.store.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.gateway.collect.ScriptedSource.Asked;
import io.tallygate.gateway.collect.ScriptedSource.Script;
import io.tallygate.gateway.collect.SourceException.Kind;
import io.tallygate.gateway.testing.TestCertificate;
import io.tallygate.store.aggregate.AggregationGranularity;
import io.tallygate.store.directory.Subscription;
import io.tallygate.store.directory.SubscriptionId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A stamp's usage API, well and badly behaved: a page is whole, or a failure that says what it is. One that shows everything at
 * once; those that are asked for each provider are in {@link StampProvidersIT}.
 */
class AzureStackHubSourceIT {
    private static final TestCertificate CERTIFICATE = TestCertificate.create();
    private static final UUID OPERATOR = UUID.fromString("8158498d-27b1-4ccf-9aa1-de0f925731e6");
    private static final String PREFIX = "/subscriptions/" + OPERATOR + "/providers/";
    private static final String USAGE = PREFIX + "Microsoft.Commerce.Admin/subscriberUsageAggregates";
    private static final String SUBSCRIPTIONS =
            PREFIX + "Microsoft.Subscriptions.Admin/subscriptions?api-version=2015-11-01";
    private static final UsageWindow WINDOW =
            new UsageWindow(Instant.parse("2026-11-20T12:00:00Z"), Instant.parse("2026-11-20T13:00:00Z"));
    private static final String SECRET = "s3cret-of-the-client";
    private static final Duration AMPLE = Duration.ofSeconds(30);

    private static Vertx vertx;

    @TempDir
    Path directory;

    private final ScriptedSource stamp = new ScriptedSource(vertx, CERTIFICATE);
    private final List<CollectSource> opened = new ArrayList<>();

    @BeforeAll
    static void open() {
        vertx = Vertx.vertx();
    }

    @AfterEach
    void stop() {
        opened.forEach(source -> await(source.close()));
        stamp.close();
    }

    @AfterAll
    static void close() {
        await(vertx.close());
    }

    private CollectSource source() {
        return source(scope(), AggregationGranularity.Hourly, AMPLE);
    }

    private SourceAccess scope() {
        return new SourceAccess.Client(
                URI.create(stamp.url() + "/token"), "me", SECRET, "scope", "https://stamp.example/.default");
    }

    private CollectSource source(SourceAccess access, AggregationGranularity granularity, Duration deadline) {
        CollectSource source = CollectSources.of(
                vertx,
                new SourceConfig(
                        "stamp",
                        "registration",
                        granularity,
                        Duration.ofHours(2),
                        Optional.empty(),
                        2,
                        deadline,
                        Optional.of(CERTIFICATE.certificatePem()),
                        new SourceOrigin.Stamp(
                                SourceType.tallygate,
                                URI.create(stamp.url() + "/"),
                                new SubscriptionId(OPERATOR),
                                access)),
                new SubscriptionId(OPERATOR));
        opened.add(source);
        return source;
    }

    private SourceException failure() {
        return failure(source());
    }

    private static SourceException failure(CollectSource source) {
        return failure(source.page(WINDOW, Optional.empty()));
    }

    private static SourceException failure(Future<?> future) {
        try {
            Object got = await(future);
            throw new AssertionError("expected a failure, got " + got);
        } catch (SourceException expected) {
            assertThat(expected.getMessage())
                    .isNotBlank()
                    .doesNotContain("\n")
                    .doesNotContain(SECRET)
                    .doesNotContain("token-1")
                    .doesNotContain("token-2");
            return expected;
        }
    }

    private static List<Integer> all(CollectSource source) {
        List<Integer> rows = new ArrayList<>();
        Optional<String> next = Optional.empty();
        do {
            SourcePage page = await(source.page(WINDOW, next));
            page.rows().forEach(row -> rows.add(row.intValue()));
            next = page.next();
        } while (next.isPresent());
        return rows;
    }

    @Test
    void asksAsIsDocumentedAndKeepsDecimalsExact() {
        stamp.says(page("{\"properties\":{\"quantity\":12345678901234567890.000000000000001}}", ""));
        SourcePage page = await(source().page(WINDOW, Optional.empty()));
        assertThat(page.next()).isEmpty();
        JsonNode quantity = page.rows().get(0).at("/properties/quantity");
        assertThat(quantity.isBigDecimal()).isTrue();
        assertThat(quantity.decimalValue()).isEqualTo(new BigDecimal("12345678901234567890.000000000000001"));
        assertThat(stamp.asked())
                .containsExactly(new Asked(
                        USAGE + "?api-version=2015-06-01-preview"
                                + "&reportedStartTime=2026-11-20T12%3A00%3A00%2B00%3A00"
                                + "&reportedEndTime=2026-11-20T13%3A00%3A00%2B00%3A00&aggregationGranularity=Hourly",
                        "Bearer token-1",
                        ""));
        assertThat(stamp.tokens())
                .singleElement()
                .satisfies(asked -> assertThat(asked.body())
                        .isEqualTo("grant_type=client_credentials&client_id=me&client_secret=" + SECRET
                                + "&scope=https%3A%2F%2Fstamp.example%2F.default"));
    }

    @Test
    void daysAreAskedForAsDays() {
        stamp.says(page("", ""));
        assertThat(all(source(scope(), AggregationGranularity.Daily, AMPLE))).isEmpty();
        assertThat(stamp.asked().get(0).uri()).endsWith("&aggregationGranularity=Daily");
    }

    @Test
    void pageOneIsNotTheEnd() {
        stamp.says(
                page("1,2", ",\"nextLink\":\"" + stamp.url() + "/absolute?continuationToken=1\""),
                page("3", ",\"nextLink\":\"/relative?continuationToken=2\""),
                page("", ",\"nextLink\":\"?continuationToken=3\""),
                page("4", ",\"nextLink\":\"bare+token\""),
                page("5", ",\"nextLink\":null"));
        assertThat(all(source())).containsExactly(1, 2, 3, 4, 5);
        assertThat(stamp.asked().stream().skip(1).map(Asked::uri))
                .containsExactly(
                        "/absolute?continuationToken=1",
                        "/relative?continuationToken=2",
                        "/relative?continuationToken=3",
                        stamp.asked().get(0).uri() + "&continuationToken=bare%2Btoken");
        assertThat(stamp.asked()).allMatch(asked -> asked.authorization().equals("Bearer token-1"));
        assertThat(stamp.tokens()).hasSize(1);
    }

    @Test
    void anEmptyNextLinkIsTheEnd() {
        stamp.says(page("1", ",\"nextLink\":\"\""));
        assertThat(all(source())).containsExactly(1);
    }

    @Test
    void aNextLinkToAnotherOriginIsNotFollowed() {
        try (ScriptedSource other = new ScriptedSource(vertx, CERTIFICATE)) {
            stamp.says(page("1", ",\"nextLink\":\"" + other.url() + "/?continuationToken=1\""));
            assertThat(failure().kind()).isEqualTo(Kind.Malformed);
            assertThat(other.asked()).isEmpty();
        }
    }

    @Test
    void aLoopEnds() {
        stamp.says(page("1", ",\"nextLink\":\"?continuationToken=1\""));
        CollectSource source = source();
        SourcePage first = await(source.page(WINDOW, Optional.empty()));
        assertThat(failure(source.page(WINDOW, first.next())).kind()).isEqualTo(Kind.Malformed);

        String begin = stamp.asked().get(0).uri();
        stamp.says(page("2", ",\"nextLink\":\"" + begin + "\""));
        assertThat(failure(source.page(WINDOW, first.next())).kind()).isEqualTo(Kind.Malformed);
    }

    @Test
    void redirectsAreNotFollowed() {
        stamp.says(answer(302, "", "Location: " + stamp.url() + "/elsewhere"), page("1", ""));
        assertThat(failure().kind()).isEqualTo(Kind.Malformed);
        assertThat(stamp.asked()).hasSize(1);
    }

    private record Bad(String name, Script answer, Kind kind) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Bad> bad() {
        String half = "{\"value\":[1,2";
        return List.of(
                new Bad("truncated, and said to be whole", answer(200, half), Kind.Malformed),
                new Bad("truncated after the rows", answer(200, half + "]"), Kind.Malformed),
                new Bad("cut", request -> cut(request, half), Kind.Away),
                new Bad("cut in chunks", request -> cutInChunks(request, half), Kind.Away),
                new Bad("HTML", answer(200, "<!doctype html><html></html>"), Kind.Malformed),
                new Bad("empty", answer(200, ""), Kind.Malformed),
                new Bad(
                        "no content",
                        request -> request.response().setStatusCode(204).end(),
                        Kind.Malformed),
                new Bad("without value", answer(200, "{}"), Kind.Malformed),
                new Bad("value is null", answer(200, "{\"value\":null}"), Kind.Malformed),
                new Bad("value is an object", answer(200, "{\"value\":{}}"), Kind.Malformed),
                new Bad("an error with 200", answer(200, "{\"error\":{\"code\":\"Oops\"}}"), Kind.Malformed),
                new Bad("an array", answer(200, "[1,2]"), Kind.Malformed),
                new Bad("two pages", answer(200, "{\"value\":[1]}{\"value\":[2]}"), Kind.Malformed),
                new Bad("value twice", answer(200, "{\"value\":[1],\"value\":[2]}"), Kind.Malformed),
                new Bad("NaN", answer(200, "{\"value\":[NaN]}"), Kind.Malformed),
                new Bad("deep", answer(200, "{\"value\":" + "[".repeat(100) + "]".repeat(100) + "}"), Kind.Malformed),
                new Bad("nextLink is a number", answer(200, "{\"value\":[1],\"nextLink\":1}"), Kind.Malformed),
                new Bad("flood", AzureStackHubSourceIT::flood, Kind.Malformed),
                new Bad("400", answer(400, "{\"error\":{\"code\":\"InvalidProperty\"}}"), Kind.Malformed),
                new Bad("404", answer(404, ""), Kind.Malformed),
                new Bad("500", answer(500, "<html>"), Kind.Away),
                new Bad("502", answer(502, ""), Kind.Away),
                new Bad("503", answer(503, ""), Kind.Away),
                new Bad("closed", request -> request.connection().close(), Kind.Away));
    }

    private static void cut(HttpServerRequest request, String half) {
        request.response()
                .putHeader("Content-Length", "1000")
                .write(half)
                .onComplete(sent -> request.connection().close());
    }

    private static void cutInChunks(HttpServerRequest request, String half) {
        request.response()
                .setChunked(true)
                .write(half)
                .onComplete(sent -> request.connection().close());
    }

    private static void flood(HttpServerRequest request) {
        request.response().setChunked(true);
        Buffer spaces = Buffer.buffer(" ".repeat(1024 * 1024));
        for (int mib = 0; mib <= AzureStackHubSource.MAX_PAGE / spaces.length(); mib++) {
            request.response().write(spaces);
        }
        request.response().end("{\"value\":[1]}");
    }

    @ParameterizedTest
    @MethodSource("bad")
    void whatIsNoWholePageIsAFailureAndThenAskedForAgain(Bad bad) {
        stamp.says(bad.answer(), page("1,2,3", ""));
        CollectSource source = source();
        assertThat(failure(source).kind()).isEqualTo(bad.kind());
        assertThat(all(source)).containsExactly(1, 2, 3);
    }

    @Test
    void aLargePageIsRead() {
        stamp.says(page(("\"" + "x".repeat(4_000) + "\",").repeat(4_000) + "1", ""));
        assertThat(await(source().page(WINDOW, Optional.empty())).rows()).hasSize(4_001);
    }

    @Test
    void aPageOfTooManyRowsIsRefused() {
        stamp.says(page("1,".repeat(5_000) + "1", ""));
        assertThat(failure(source())).hasMessageContaining("more than 5000 rows");
    }

    @Test
    void silenceAndDrippingEndWithTheDeadline() {
        Duration deadline = Duration.ofSeconds(2);
        stamp.says(request -> {});
        assertThat(failure(source(scope(), AggregationGranularity.Hourly, deadline))
                        .kind())
                .isEqualTo(Kind.Away);
        stamp.says(request -> {
            request.response().setChunked(true).write("{\"value\":[");
            long timer = vertx.setPeriodic(100, tick -> request.response().write("1,"));
            request.connection().closeHandler(closed -> vertx.cancelTimer(timer));
        });
        assertThat(failure(source(scope(), AggregationGranularity.Hourly, deadline))
                        .kind())
                .isEqualTo(Kind.Away);
    }

    @Test
    void nobodyThere() {
        CollectSource source = source();
        stamp.close();
        assertThat(failure(source).kind()).isEqualTo(Kind.Away);
    }

    @Test
    void aStampThatIsNotTrustedIsNotAsked() {
        try (ScriptedSource other = new ScriptedSource(vertx, TestCertificate.create())) {
            CollectSource source = CollectSources.of(
                    vertx,
                    new SourceConfig(
                            "stamp",
                            "registration",
                            AggregationGranularity.Hourly,
                            Duration.ZERO,
                            Optional.empty(),
                            1,
                            AMPLE,
                            Optional.of(CERTIFICATE.certificatePem()),
                            new SourceOrigin.Stamp(
                                    SourceType.tallygate,
                                    URI.create(other.url()),
                                    new SubscriptionId(OPERATOR),
                                    scope())),
                    new SubscriptionId(OPERATOR));
            opened.add(source);
            assertThat(failure(source).kind()).isEqualTo(Kind.Away);
            assertThat(other.asked()).isEmpty();
        }
    }

    @Test
    void whatIsNotProcessedYetIsNoFailure() {
        stamp.says(answer(
                202, "{\"error\":{\"code\":\"ProcessingNotCompleted\",\"message\":\"wait\"}}", "Retry-After: 30"));
        SourceException later = failure();
        assertThat(later.kind()).isEqualTo(Kind.NotProcessed);
        assertThat(later.retryAfter()).contains(Duration.ofSeconds(30));
        stamp.says(answer(202, ""));
        assertThat(failure().kind()).isEqualTo(Kind.NotProcessed);
        stamp.says(answer(409, "{\"error\":{\"code\":\"ProcessingNotCompleted\"}}"));
        assertThat(failure().kind()).isEqualTo(Kind.NotProcessed);
        stamp.says(answer(400, "{\"error\":{\"code\":\"RequestEndTimeIsInFuture\"}}"));
        assertThat(failure().kind()).isEqualTo(Kind.NotProcessed);
    }

    @Test
    void tooManyRequestsSayWhenToComeBack() {
        stamp.says(answer(429, "{\"error\":{\"code\":\"TooManyRequests\",\"message\":\"slowly\"}}", "Retry-After: 17"));
        SourceException slowly = failure();
        assertThat(slowly.kind()).isEqualTo(Kind.Throttled);
        assertThat(slowly.retryAfter()).contains(Duration.ofSeconds(17));
        assertThat(slowly).hasMessage("HTTP 429 TooManyRequests slowly");
        stamp.says(answer(503, "", "Retry-After: 5"));
        assertThat(failure().kind()).isEqualTo(Kind.Throttled);
        stamp.says(answer(429, "", "Retry-After: nonsense"));
        assertThat(failure().retryAfter()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403})
    void anExpiredTokenIsFetchedAnewOnce(int status) {
        stamp.tokensAre(token("token-1"), token("token-2"));
        stamp.says(page("", ""), answer(status, ""), page("1", ""));
        CollectSource source = source();
        assertThat(all(source)).isEmpty();
        assertThat(all(source)).containsExactly(1);
        assertThat(stamp.asked().stream().map(Asked::authorization))
                .containsExactly("Bearer token-1", "Bearer token-1", "Bearer token-2");

        stamp.says(answer(
                status,
                "{\"error\":{\"code\":\"ExpiredAuthenticationToken\",\"message\":\"token-2 " + SECRET + "\"}}"));
        SourceException refused = failure(source);
        assertThat(refused.kind()).isEqualTo(Kind.Unauthorized);
        assertThat(refused).hasMessage("HTTP " + status + " ExpiredAuthenticationToken *** ***");
        assertThat(stamp.asked()).hasSize(5);
    }

    @Test
    void adFsIsAskedForAResource() {
        stamp.says(page("1", ""));
        SourceAccess adFs = new SourceAccess.Client(
                URI.create(stamp.url() + "/token"), "me", SECRET, "resource", "https://adminmanagement.stamp/1&2");
        assertThat(all(source(adFs, AggregationGranularity.Hourly, AMPLE))).containsExactly(1);
        assertThat(stamp.tokens().get(0).body())
                .isEqualTo("grant_type=client_credentials&client_id=me&client_secret=" + SECRET
                        + "&resource=https%3A%2F%2Fadminmanagement.stamp%2F1%262");
    }

    @Test
    void withoutATokenNothingIsAsked() {
        stamp.says(page("1", ""));
        stamp.tokensAre(answer(400, "{\"error\":\"invalid_client " + SECRET + "\"}"));
        assertThat(failure().kind()).isEqualTo(Kind.Unauthorized);
        stamp.tokensAre(answer(500, ""));
        assertThat(failure().kind()).isEqualTo(Kind.Away);
        stamp.tokensAre(answer(200, "<html>"));
        assertThat(failure().kind()).isEqualTo(Kind.Away);
        assertThat(stamp.asked()).isEmpty();
    }

    @Test
    void aTokenFileIsReadAnewWhenItsTokenIsNotTaken() throws IOException {
        Path file = directory.resolve("token");
        Files.writeString(file, "token-1\n");
        CollectSource source = source(new SourceAccess.TokenFile(file), AggregationGranularity.Hourly, AMPLE);
        stamp.says(page("1", ""));
        assertThat(all(source)).containsExactly(1);

        stamp.says(
                request -> {
                    write(file, "token-2");
                    answer(401, "").answer(request);
                },
                page("2", ""));
        assertThat(all(source)).containsExactly(2);

        stamp.says(answer(401, "{\"error\":{\"code\":\"InvalidAuthenticationToken\",\"message\":\"token-2\"}}"));
        assertThat(failure(source).kind()).isEqualTo(Kind.Unauthorized);
        assertThat(stamp.asked().stream().map(Asked::authorization))
                .containsExactly("Bearer token-1", "Bearer token-1", "Bearer token-2", "Bearer token-2");
        assertThat(stamp.tokens()).isEmpty();
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException unwritable) {
            throw new AssertionError(unwritable);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "two tokens", "token-1\r\nHost: elsewhere", "\u0000"})
    void aTokenFileWithSomethingElseIsNotSent(String content) {
        Path file = directory.resolve("token");
        CollectSource source = source(new SourceAccess.TokenFile(file), AggregationGranularity.Hourly, AMPLE);
        stamp.says(page("1", ""));
        assertThat(failure(source).kind()).isEqualTo(Kind.Unauthorized);
        write(file, content);
        assertThat(failure(source).kind()).isEqualTo(Kind.Unauthorized);
        write(file, "x".repeat(20_000));
        assertThat(failure(source)).hasMessageContaining("tokenFile").hasMessageContaining("expected");
        assertThat(stamp.asked()).isEmpty();
    }

    @Test
    void subscriptionsAreListedToTheLastPageDeletedOnesToo() {
        stamp.says(
                page(
                        subscription(1, "Enabled") + "," + subscription(2, "Deleted"),
                        ",\"nextLink\":\"" + SUBSCRIPTIONS + "&continuationToken=1\""),
                page(
                        subscription(3, "PartiallyDeleted") + ","
                                + subscription(5, "Enabled").replace(OPERATOR.toString(), id(8).toString())
                                + ",{\"subscriptionId\":\"x\"},5",
                        ",\"nextLink\":\"2\""),
                page(
                        "{\"subscriptionId\":\"" + id(4) + "\",\"tenantId\":\"" + id(9)
                                + "\",\"displayName\":\"a\\u0000\\n" + "b".repeat(300) + "\"}",
                        ""));
        List<SourceSubscription> found = await(source().subscriptions());
        assertThat(found.subList(0, 3))
                .extracting(each -> each.id().value(), SourceSubscription::state)
                .containsExactly(
                        tuple(id(1), Subscription.State.Enabled),
                        tuple(id(2), Subscription.State.Deleted),
                        tuple(id(3), Subscription.State.Deleted));
        assertThat(found.get(0).tenant().value()).isEqualTo(id(9));
        assertThat(found.get(0).displayName()).isEqualTo("name 1");
        assertThat(found.get(0).owner()).isEqualTo("o@example");
        assertThat(found.get(0).provider().value()).isEqualTo(OPERATOR);
        assertThat(found).hasSize(5);
        assertThat(found.get(3).provider().value()).isEqualTo(id(8));
        assertThat(found.get(4).provider().value()).isEqualTo(OPERATOR);
        assertThat(found.get(4).displayName()).hasSize(256).startsWith("a  b");
        assertThat(found.get(4).owner()).isEmpty();
        assertThat(stamp.asked().stream().map(Asked::uri))
                .containsExactly(
                        SUBSCRIPTIONS, SUBSCRIPTIONS + "&continuationToken=1", SUBSCRIPTIONS + "&continuationToken=2");
    }

    @Test
    void subscriptionsAreAllOrAFailure() {
        stamp.says(
                page(subscription(1, "Enabled"), ",\"nextLink\":\"1\""),
                page(subscription(2, "Enabled"), ",\"nextLink\":\"2\""),
                page(subscription(3, "Enabled"), ",\"nextLink\":\"1\""));
        assertThat(failure(source().subscriptions()).kind()).isEqualTo(Kind.Malformed);
        stamp.says(page(subscription(1, "Enabled"), ",\"nextLink\":\"1\""), answer(200, "<html>"));
        assertThat(failure(source().subscriptions()).kind()).isEqualTo(Kind.Malformed);
    }

    private static UUID id(int number) {
        return new UUID(0, number);
    }

    private static String subscription(int number, String state) {
        return "{\"id\":\"/x\",\"subscriptionId\":\"" + id(number) + "\",\"displayName\":\"name " + number
                + "\",\"owner\":\"o@example\",\"tenantId\":\"" + id(9) + "\",\"state\":\"" + state
                + "\",\"delegatedProviderSubscriptionId\":\"" + OPERATOR
                + "\",\"routingResourceManagerType\":\"Default\"}";
    }

    @Test
    void secretsAreInNoText() {
        assertThat(scope()).asString().doesNotContain(SECRET);
        assertThat(new SourceConfig(
                        "stamp",
                        "registration",
                        AggregationGranularity.Daily,
                        Duration.ZERO,
                        Optional.empty(),
                        1,
                        AMPLE,
                        Optional.empty(),
                        new SourceOrigin.Stamp(
                                SourceType.azureStackHub,
                                URI.create(stamp.url()),
                                new SubscriptionId(OPERATOR),
                                scope())))
                .asString()
                .doesNotContain(SECRET);
    }
}
