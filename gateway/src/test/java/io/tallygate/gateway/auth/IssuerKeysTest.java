package io.tallygate.gateway.auth;

import static io.tallygate.gateway.testing.Settled.settled;
import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.gateway.http.ApiError;
import io.tallygate.gateway.http.ApiException;
import io.tallygate.gateway.http.RefusalReason;
import io.tallygate.gateway.testing.SigningKey;
import io.tallygate.gateway.testing.TestTokens;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When keys are fetched, and how long they are kept. */
class IssuerKeysTest {
    private static final Instant START = Instant.parse("2026-11-21T12:00:00Z");
    private static final SigningKey OLD = SigningKey.rsa("old");
    private static final SigningKey NEW = SigningKey.ec("new");
    private static final Token OLD_TOKEN = token("RS256", "old");
    private static final Token NEW_TOKEN = token("ES256", "new");

    private final Vertx vertx = Vertx.vertx();
    private final ManualClock clock = new ManualClock(START);
    private final AtomicInteger fetches = new AtomicInteger();
    private volatile Future<List<VerificationKey>> published = Future.succeededFuture(keys(OLD));
    private final IssuerKeys keys = new IssuerKeys(
            "https://login.example", vertx, AuthConfig.of(List.of(), Set.of(), TestTokens.OPERATOR), clock, () -> {
                fetches.incrementAndGet();
                if (published == null) {
                    throw new IllegalStateException("broken");
                }
                return published;
            });

    @AfterEach
    void close() {
        settled(vertx.close());
    }

    @Test
    void isNotReadyBeforeTheFirstGoodSet() {
        assertThat(keys.problem()).contains("https://login.example: no keys were fetched yet");
        assertThat(keys.keysAge()).isEmpty();

        published = Future.failedFuture("away");
        settled(keys.refresh());
        assertThat(keys.problem()).contains("https://login.example: away");

        published = Future.succeededFuture(keys(OLD));
        settled(keys.refresh());
        assertThat(keys.problem()).isEmpty();
    }

    @Test
    void answersServiceUnavailableWhileThereAreNoKeys() {
        published = Future.failedFuture("away");

        assertThat(refusal(OLD_TOKEN)).isEqualTo(ApiError.ServiceUnavailable);
    }

    @Test
    void anEmptySetNeverReplacesAGoodOne() {
        settled(keys.refresh());
        published = Future.succeededFuture(List.of());
        settled(keys.refresh());

        assertThat(fetches).hasValue(2);
        assertThat(settled(keys.keysFor(OLD_TOKEN)).succeeded()).isTrue();
    }

    /** Without a usable key the JWT library accepts unsigned tokens: the canary must see that. */
    @Test
    void anEmptySetIsNoSetEither() {
        published = Future.succeededFuture(List.of());
        settled(keys.refresh());

        assertThat(keys.problem().orElseThrow()).contains("accepted a token that nobody signed");
        assertThat(refusal(OLD_TOKEN)).isEqualTo(ApiError.ServiceUnavailable);
    }

    @Test
    void aSourceThatThrowsDoesNotStopLaterFetches() {
        published = null;
        settled(keys.refresh());
        published = Future.succeededFuture(keys(OLD));
        settled(keys.refresh());

        assertThat(keys.problem()).isEmpty();
    }

    @Test
    void aNewKeyIsFoundAndARemovedOneForgotten() {
        settled(keys.refresh());
        published = Future.succeededFuture(keys(NEW));
        clock.advance(Duration.ofSeconds(30));

        assertThat(settled(keys.keysFor(NEW_TOKEN)).succeeded()).isTrue();
        assertThat(refusal(OLD_TOKEN)).isEqualTo(ApiError.InvalidAuthenticationToken);
    }

    @Test
    void unknownKeysCauseOneFetchInAnInterval() {
        settled(keys.refresh());
        for (int second = 0; second < 90; second++) {
            for (int i = 0; i < 10; i++) {
                assertThat(refusal(NEW_TOKEN)).isEqualTo(ApiError.InvalidAuthenticationToken);
            }
            clock.advance(Duration.ofSeconds(1));
        }

        assertThat(fetches).as("at 0, 30 and 60 s").hasValue(3);
    }

    @Test
    void thereIsOneFetchUnderWayAtATime() {
        settled(keys.refresh());
        clock.advance(Duration.ofHours(1));
        Promise<List<VerificationKey>> slow = Promise.promise();
        published = slow.future();
        List<Future<KeySet>> waiting = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            waiting.add(keys.keysFor(NEW_TOKEN));
            clock.advance(Duration.ofMinutes(1));
        }
        Future<Void> ticked = keys.tick();

        assertThat(settled(keys.keysFor(OLD_TOKEN)).succeeded())
                .as("known keys do not wait")
                .isTrue();
        slow.complete(keys(NEW));
        settled(ticked);
        assertThat(waiting).allMatch(future -> settled(future).succeeded());
        assertThat(fetches).hasValue(2);
    }

    /** A flood while its issuer hangs must not hold as many requests as it likes. */
    @Test
    void onlySoManyWaitForAFetch() {
        settled(keys.refresh());
        clock.advance(Duration.ofHours(1));
        Promise<List<VerificationKey>> slow = Promise.promise();
        published = slow.future();
        List<Future<KeySet>> waiting = new ArrayList<>();
        for (int i = 0; i < IssuerKeys.MAX_WAITING; i++) {
            waiting.add(keys.keysFor(NEW_TOKEN));
        }
        ApiException refusal = (ApiException) settled(keys.keysFor(NEW_TOKEN)).cause();

        assertThat(refusal.error()).isEqualTo(ApiError.TooManyRequests);
        assertThat(refusal.reason()).contains(RefusalReason.KEYS_AWAITED);
        assertThat(settled(keys.keysFor(OLD_TOKEN)).succeeded())
                .as("known keys do not wait")
                .isTrue();
        slow.complete(keys(OLD, NEW));
        assertThat(waiting).allMatch(future -> settled(future).succeeded());
        assertThat(settled(keys.keysFor(NEW_TOKEN)).succeeded()).isTrue();
        assertThat(fetches).hasValue(2);
    }

    @Test
    void whoIsRefusedWithinTheIntervalDoesNotWait() {
        settled(keys.refresh());

        assertThat(keys.keysFor(NEW_TOKEN).isComplete()).isTrue();
    }

    @Test
    void warnsWhileItsIssuerIsAwayAndItsKeysAreGood() {
        settled(keys.refresh());
        assertThat(keys.warning()).isEmpty();
        assertThat(keys.keysAge()).contains(Duration.ZERO);

        published = Future.failedFuture("away");
        clock.advance(Duration.ofMinutes(10));
        settled(keys.tick());
        clock.advance(Duration.ofMinutes(5));
        settled(keys.tick());
        assertThat(keys.problem()).isEmpty();
        assertThat(keys.warning())
                .contains("https://login.example: away; since 2026-11-21T12:10:00Z no new keys were had, those of"
                        + " 2026-11-21T12:00:00Z are used until 2026-11-22T12:00:00Z");
        assertThat(keys.keysAge()).contains(Duration.ofMinutes(15));
        assertThat(keys.fetches()).isEqualTo(3);
        assertThat(keys.failedFetches()).isEqualTo(2);

        clock.advance(Duration.ofHours(24));
        assertThat(keys.warning()).as("it is a problem by then").isEmpty();
        assertThat(keys.problem()).contains("https://login.example: away");

        published = Future.succeededFuture(keys(OLD));
        settled(keys.tick());
        assertThat(keys.warning()).isEmpty();
        assertThat(keys.keysAge()).contains(Duration.ZERO);
    }

    @Test
    void refreshesEveryTenMinutes() {
        settled(keys.refresh());
        for (int second = 0; second < 3600; second++) {
            clock.advance(Duration.ofSeconds(1));
            settled(keys.tick());
        }

        assertThat(fetches).hasValue(7);
    }

    @Test
    void triesEveryFiveSecondsBeforeTheFirstGoodSetAndEveryThirtyAfter() {
        published = Future.failedFuture("away");
        for (int second = 0; second < 60; second++) {
            settled(keys.tick());
            clock.advance(Duration.ofSeconds(1));
        }
        assertThat(fetches).hasValue(12);

        published = Future.succeededFuture(keys(OLD));
        settled(keys.refresh());
        published = Future.failedFuture("away");
        clock.advance(Duration.ofMinutes(10));
        fetches.set(0);
        for (int second = 0; second < 60; second++) {
            settled(keys.tick());
            clock.advance(Duration.ofSeconds(1));
        }
        assertThat(fetches).hasValue(2);
    }

    @Test
    void keepsTheLastGoodSetForADay() {
        settled(keys.refresh());
        published = Future.failedFuture("away");
        clock.advance(Duration.ofHours(24).minusSeconds(1));
        settled(keys.tick());
        assertThat(settled(keys.keysFor(OLD_TOKEN)).succeeded()).isTrue();
        assertThat(keys.problem()).isEmpty();

        clock.advance(Duration.ofSeconds(1));
        assertThat(keys.problem()).contains("https://login.example: away");
        assertThat(refusal(OLD_TOKEN)).isEqualTo(ApiError.ServiceUnavailable);

        published = Future.succeededFuture(keys(OLD));
        clock.advance(Duration.ofSeconds(30));
        settled(keys.tick());
        assertThat(keys.problem()).isEmpty();
    }

    @Test
    void aClockThatWasSetBackDoesNotStopFetches() {
        settled(keys.refresh());
        clock.advance(Duration.ofDays(-2));
        published = Future.succeededFuture(keys(NEW));

        assertThat(settled(keys.keysFor(NEW_TOKEN)).succeeded()).isTrue();
    }

    private ApiError refusal(Token token) {
        return ((ApiException) settled(keys.keysFor(token)).cause()).error();
    }

    private static Token token(String algorithm, String kid) {
        TestTokens tokens = new TestTokens("https://login.example", START, OLD, NEW);
        return Token.parse(tokens.token(tokens.header(algorithm).put("kid", kid), tokens.claims()));
    }

    private static List<VerificationKey> keys(SigningKey... keys) {
        return TestVerifiers.verificationKeys(List.of(keys));
    }
}
