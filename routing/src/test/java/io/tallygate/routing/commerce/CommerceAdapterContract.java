package io.tallygate.routing.commerce;

import static io.tallygate.routing.commerce.ScriptedEndpoint.answer;
import static io.tallygate.store.testing.Await.await;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallygate.routing.commerce.ScriptedEndpoint.Script;
import io.tallygate.routing.commerce.SubmissionResult.EventResult;
import io.tallygate.store.directory.SubscriptionId;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every adapter that speaks HTTP does, whatever its endpoint does: one outcome for each event within the deadline,
 * never a failed future. A new adapter says what its endpoint's good answer is and inherits the rest.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class CommerceAdapterContract {
    static final SubscriptionId PAYER = new SubscriptionId(UUID.fromString("f0e1d2c3-0000-4000-8000-000000000001"));
    static final Instant HOUR = Instant.parse("2026-11-20T10:00:00Z");
    // Ample for answers that come; what never comes is waited for as briefly as can be.
    static final Duration AMPLE = Duration.ofSeconds(20);
    static final Duration BRIEF = Duration.ofMillis(400);
    // Long enough for the request to be sent on a busy machine.
    static final Duration SOON = Duration.ofMillis(1200);

    private static final EndpointConfig.Breaker BREAKER = new EndpointConfig.Breaker(5, Duration.ofSeconds(30));

    Vertx vertx;
    ScriptedEndpoint endpoint;
    private final List<CommerceAdapter> adapters = new ArrayList<>();

    /** The name of the adapter's kind. */
    abstract String kind();

    /** Options for an endpoint with this address, which has tokens under {@code /token}. */
    abstract Map<String, String> options(String url);

    /** The documented answer to a submission that was taken. */
    abstract Script good(Submission submission);

    /** What a 400 or 422 means for one event, when its body has nothing that the protocol knows. */
    Outcome refused(int status) {
        return Outcome.BadArgument;
    }

    /** How many requests a refusal of our credentials costs. */
    int triesWhenUnauthorized() {
        return 1;
    }

    @BeforeAll
    void open() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    void shut() {
        await(vertx.close());
    }

    @BeforeEach
    void listen() {
        endpoint = ScriptedEndpoint.http(vertx);
    }

    @AfterEach
    void close() {
        adapters.forEach(adapter -> await(adapter.close()));
        adapters.clear();
        endpoint.close();
    }

    final CommerceAdapter adapter(String url, Duration deadline) {
        return adapter(url, deadline, Optional.empty(), Map.of());
    }

    final CommerceAdapter adapter(
            String url, Duration deadline, Optional<String> caPem, Map<String, String> otherOptions) {
        Map<String, String> options = new HashMap<>(options(url));
        options.putAll(otherOptions);
        EndpointConfig config = new EndpointConfig(
                "test",
                AdapterType.named(kind()).orElseThrow(),
                options,
                caPem,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                4,
                0,
                deadline,
                BREAKER);
        CommerceAdapter adapter = config.adapter().factory().create(vertx, config);
        adapters.add(adapter);
        return adapter;
    }

    /** So many events with the adapter's own bytes, in quantities 1, 2, 3 and so on, of successive hours. */
    final Submission submission(CommerceAdapter adapter, int events) {
        List<Submission.Event> list = new ArrayList<>();
        for (int i = 0; i < events; i++) {
            list.add(event(adapter, HOUR.plus(Duration.ofHours(i)), BigDecimal.valueOf(i + 1L)));
        }
        return new Submission(UUID.randomUUID(), PAYER, list);
    }

    final Submission.Event event(CommerceAdapter adapter, Instant hour, BigDecimal quantity) {
        EventContent content = Contents.event(PAYER, hour, quantity);
        return new Submission.Event(
                content.key(), content.dimension(), content.effectiveTime(), quantity, adapter.body(content));
    }

    /** How many events the adapter takes at once, but two at most. */
    final int several(CommerceAdapter adapter) {
        return Math.min(2, adapter.terms().batchLimit());
    }

    final SubmissionResult submit(Script script, Duration deadline, int events) {
        endpoint.says(script);
        CommerceAdapter adapter = adapter(endpoint.url(), deadline);
        Submission submission =
                submission(adapter, Math.min(events, adapter.terms().batchLimit()));
        SubmissionResult result = await(adapter.submit(submission));
        assertThat(result.events())
                .extracting(EventResult::key)
                .containsExactlyElementsOf(
                        submission.events().stream().map(Submission.Event::key).toList());
        assertThat(result.events())
                .allSatisfy(event -> assertThat(event.detail() == null ? "" : event.detail())
                        .hasSizeLessThanOrEqualTo(1000)
                        .doesNotContain(ScriptedEndpoint.TOKEN, "the-secret"));
        return result;
    }

    final void expect(Outcome outcome, Script script, Duration deadline) {
        assertThat(submit(script, deadline, 2).events())
                .extracting(EventResult::outcome)
                .containsOnly(outcome);
    }

    final void expectAlone(Outcome outcome, Script script) {
        assertThat(submit(script, AMPLE, 1).events())
                .extracting(EventResult::outcome)
                .containsExactly(outcome);
    }

    @Test
    void takesTheDocumentedAnswer() {
        CommerceAdapter adapter = adapter(endpoint.url(), AMPLE);
        Submission submission = submission(adapter, several(adapter));
        endpoint.says(good(submission));
        SubmissionResult result = await(adapter.submit(submission));
        assertThat(result.events()).extracting(EventResult::outcome).containsOnly(Outcome.Accepted);
        assertThat(result.events())
                .extracting(EventResult::key)
                .containsExactlyElementsOf(
                        submission.events().stream().map(Submission.Event::key).toList());
        assertThat(result.retryAfter()).isEmpty();
        assertThat(endpoint.requests()).hasSize(1);
        assertThat(endpoint.requests().get(0).body())
                .contains(submission.events().stream()
                        .map(event -> event.body().toString())
                        .collect(joining(",")));
    }

    @Test
    void bytesOfAnEventAreTheSameEachTime() {
        CommerceAdapter adapter = adapter(endpoint.url(), AMPLE);
        EventContent content = Contents.event(PAYER, HOUR, new BigDecimal("12345678901234567890.5"));
        Buffer body = adapter.body(content);
        assertThat(body).isEqualTo(adapter(endpoint.url(), AMPLE).body(content));
        assertThat(body.toString()).contains("12345678901234567890.5").doesNotContain("E", "\n");
    }

    @Test
    void trustsTheConfiguredAuthorityOnly() {
        TestCertificate certificate = TestCertificate.of("localhost");
        try (ScriptedEndpoint tls = ScriptedEndpoint.https(vertx, certificate)) {
            CommerceAdapter trusting = adapter(tls.url(), AMPLE, Optional.of(certificate.certificatePem()), Map.of());
            Submission submission = submission(trusting, 1);
            tls.says(good(submission));
            assertThat(await(trusting.submit(submission)).events())
                    .extracting(EventResult::outcome)
                    .containsExactly(Outcome.Accepted);
            assertThat(await(adapter(tls.url(), AMPLE).submit(submission)).events())
                    .extracting(EventResult::outcome)
                    .containsExactly(Outcome.Refused);
            assertThat(tls.requests()).hasSize(1);
        }
    }

    @Test
    void refusesACertificateOfAnotherHost() {
        TestCertificate certificate = TestCertificate.of("elsewhere.example");
        try (ScriptedEndpoint tls = ScriptedEndpoint.https(vertx, certificate)) {
            CommerceAdapter trusting = adapter(tls.url(), AMPLE, Optional.of(certificate.certificatePem()), Map.of());
            assertThat(await(trusting.submit(submission(trusting, 1))).events())
                    .extracting(EventResult::outcome)
                    .containsExactly(Outcome.Refused);
            assertThat(tls.requests()).isEmpty();
        }
    }

    @Test
    void nothingWasSentWhenNobodyListens() {
        CommerceAdapter adapter = adapter(endpoint.url(), AMPLE);
        Submission submission = submission(adapter, several(adapter));
        endpoint.close();
        assertThat(await(adapter.submit(submission)).events())
                .extracting(EventResult::outcome)
                .containsOnly(Outcome.Refused);
    }

    @Test
    void nothingWasSentWhenTlsNeverStarts() {
        NetServer silent = vertx.createNetServer().connectHandler(socket -> socket.pause());
        await(silent.listen(0, "localhost"));
        CommerceAdapter adapter = adapter("https://localhost:" + silent.actualPort(), BRIEF);
        assertThat(await(adapter.submit(submission(adapter, 1))).events())
                .extracting(EventResult::outcome)
                .containsExactly(Outcome.Refused);
        await(silent.close());
    }

    @Test
    void aResetIsNoAnswer() {
        expect(Outcome.NoAnswer, (request, socket) -> socket.close(), AMPLE);
    }

    @Test
    void silenceIsNoAnswer() {
        expect(Outcome.NoAnswer, (request, socket) -> {}, SOON);
    }

    @Test
    void aDrippingBodyIsNoAnswer() {
        expect(
                Outcome.NoAnswer,
                (request, socket) -> {
                    socket.write("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
                    long timer = vertx.setPeriodic(10, tick -> socket.write("x"));
                    socket.closeHandler(closed -> vertx.cancelTimer(timer));
                },
                SOON);
    }

    @Test
    void aTruncatedBodyIsNoAnswer() {
        expect(
                Outcome.NoAnswer,
                (request, socket) ->
                        socket.end(Buffer.buffer("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"count\"")),
                AMPLE);
    }

    @Test
    void garbageInsteadOfHttpIsNoAnswer() {
        expect(Outcome.NoAnswer, (request, socket) -> socket.end(Buffer.buffer("\0\1\2 garbage\r\n\r\n")), AMPLE);
    }

    @Test
    void aHugeBodyIsNotReadToItsEnd() {
        String part = "x".repeat(1 << 16);
        SubmissionResult result = submit(
                (request, socket) -> {
                    socket.write("HTTP/1.1 200 OK\r\nContent-Length: 200000000\r\n\r\n");
                    for (int i = 0; i < 64; i++) {
                        socket.write(part);
                    }
                },
                AMPLE,
                2);
        assertThat(result.events()).allSatisfy(event -> {
            assertThat(event.outcome()).isEqualTo(Outcome.Nonsense);
            assertThat(event.detail()).contains("more than 1048576 bytes");
        });
    }

    @Test
    void aGzipBombIsNotInflated() {
        byte[] bomb = bomb();
        SubmissionResult result = submit(
                (request, socket) -> socket.write(Buffer.buffer("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                                + "Content-Encoding: gzip\r\nContent-Length: " + bomb.length + "\r\n\r\n")
                        .appendBytes(bomb)),
                AMPLE,
                2);
        assertThat(result.events()).allSatisfy(event -> {
            assertThat(event.outcome()).isEqualTo(Outcome.Nonsense);
            // Inflated, it would be more than is read.
            assertThat(event.detail()).doesNotContain("more than");
        });
    }

    private static byte[] bomb() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 4; i++) {
                zip.write(zeros);
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    @Test
    void htmlIsNonsense() {
        expect(
                Outcome.Nonsense,
                answer(200, "Content-Type: text/html", "<html><body>Please log in</body></html>"),
                AMPLE);
    }

    @Test
    void aRedirectIsNonsenseAndNotFollowed() {
        try (ScriptedEndpoint elsewhere = ScriptedEndpoint.http(vertx)) {
            expect(Outcome.Nonsense, answer(307, "Location: " + elsewhere.url() + "/stolen", ""), AMPLE);
            assertThat(elsewhere.requests()).isEmpty();
        }
    }

    @Test
    void aSecondAnswerIsNotTakenForTheNextOne() {
        CommerceAdapter adapter = adapter(endpoint.url(), AMPLE);
        Submission first = submission(adapter, 1);
        Script good = good(first);
        endpoint.says((request, socket) -> {
            good.answer(request, socket);
            good.answer(request, socket);
        });
        assertThat(await(adapter.submit(first)).events())
                .extracting(EventResult::outcome)
                .containsExactly(Outcome.Accepted);
        Submission next = new Submission(
                UUID.randomUUID(), PAYER, List.of(event(adapter, HOUR.plus(Duration.ofHours(5)), BigDecimal.TEN)));
        endpoint.says(answer(500, ""));
        assertThat(await(adapter.submit(next)).events())
                .extracting(EventResult::outcome)
                .doesNotContain(Outcome.Accepted);
    }

    @ParameterizedTest
    @CsvSource({
        "202,Nonsense",
        "206,Nonsense",
        "301,Nonsense",
        "403,NotAuthorized",
        "404,Nonsense",
        "405,Nonsense",
        "408,Error",
        "410,Nonsense",
        "413,TooLarge",
        "429,Throttled",
        "500,Error",
        "502,Error",
        "503,Error",
        "504,Error"
    })
    void statusesMeanTheSameForAllEvents(int status, Outcome outcome) {
        expect(outcome, answer(status, ""), AMPLE);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 409, 422})
    void aRefusedBatchIsSplit(int status) {
        if (adapter(endpoint.url(), AMPLE).terms().batchLimit() > 1) {
            expect(Outcome.TooLarge, answer(status, "{\"code\":\"BadArgument\",\"message\":\"no\"}"), AMPLE);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 422})
    void aRefusedEventIsNotSentAgainByItself(int status) {
        expectAlone(refused(status), answer(status, "{\"code\":\"BadArgument\",\"message\":\"no\"}"));
    }

    @Test
    void aConflictOfOneEventIsNeverDelivered() {
        expectAlone(Outcome.Conflict, answer(409, "{\"code\":\"Conflict\",\"message\":\"no\"}"));
    }

    @Test
    void refusedCredentialsPauseTheEndpoint() {
        expect(Outcome.Unauthorized, answer(401, "WWW-Authenticate: Bearer", ""), AMPLE);
        assertThat(endpoint.requests()).hasSize(triesWhenUnauthorized());
    }

    @Test
    void secretsAreNotWrittenDownEvenIfTheEndpointRepeatsThem() {
        SubmissionResult result = submit(
                (request, socket) -> socket.write(ScriptedEndpoint.text(
                        403,
                        "{\"code\":\"Forbidden\",\"message\":\"not for "
                                + request.headers().get("authorization") + " the-secret\"}")),
                AMPLE,
                1);
        assertThat(result.events().get(0).detail()).contains("Forbidden", "***");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "7|PT7S",
                "0|",
                "-5|",
                "soon|",
                "1.5|",
                "99999999999999999999|PT1H",
                "Thu, 31 Dec 2099 23:59:59 GMT|PT1H",
                "Sun, 06 Nov 1994 08:49:37 GMT|"
            })
    void theEndpointsWishIsHeard(String said, Duration wish) {
        assertThat(submit(answer(429, "Retry-After: " + said, ""), AMPLE, 2).retryAfter())
                .isEqualTo(Optional.ofNullable(wish));
        assertThat(submit(answer(503, "Retry-After: " + said, ""), AMPLE, 2).retryAfter())
                .isEqualTo(Optional.ofNullable(wish));
    }

    @Test
    void addressesMustBeHttpsExceptAtHome() {
        assertThat(EndpointUrl.problem(endpoint.url())).isEmpty();
        assertThatThrownBy(() -> adapter("http://billing.example/", AMPLE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("https");
    }
}
