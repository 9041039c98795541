package io.tallygate.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.gateway.auth.ApiKeyTexts.Fresh;
import io.tallygate.gateway.http.ApiException;
import io.tallygate.gateway.http.RefusalReason;
import io.tallygate.store.access.ApiKey;
import io.tallygate.store.access.StoredApiKey;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** How much of the store's time keys can take: they are looked for before any bound on requests. */
class ApiKeyVerifierTest {
    private static final int LOOK_UPS = 4;
    private static final int NOTES = 2;

    private final ApiKeyTexts texts = new ApiKeyTexts(List.of("a secret of thirty-two characters"));
    private final ManualClock clock = new ManualClock(Instant.parse("2026-03-01T00:00:00Z"));
    private final TenantId tenant = new TenantId(UUID.randomUUID());
    private final Map<UUID, StoredApiKey> stored = new HashMap<>();
    private final List<UUID> asked = new ArrayList<>();
    private final List<Promise<Void>> answers = new ArrayList<>();
    private final List<UUID> noted = new ArrayList<>();
    private final List<Promise<Void>> notes = new ArrayList<>();
    private final ApiKeyVerifier verifier = new ApiKeyVerifier(texts, this::find, this::note, tenant, clock);

    private Future<StoredApiKey> find(UUID id) {
        asked.add(id);
        Promise<Void> answer = Promise.promise();
        answers.add(answer);
        return answer.future().map(now -> stored.get(id));
    }

    private Future<Void> note(UUID id) {
        noted.add(id);
        Promise<Void> done = Promise.promise();
        notes.add(done);
        return done.future();
    }

    private String key() {
        Fresh fresh = texts.make();
        ApiKey key = new ApiKey(
                fresh.id(),
                "00000000",
                tenant,
                "test",
                Set.of(new SubscriptionId(UUID.randomUUID())),
                List.of("Usage.Read"),
                clock.instant(),
                "maker",
                clock.instant().plus(Duration.ofDays(1)),
                null,
                null,
                null);
        stored.put(fresh.id(), new StoredApiKey(key, fresh.hash()));
        return fresh.text();
    }

    private void answerAll() {
        List.copyOf(answers).forEach(Promise::tryComplete);
    }

    @Test
    void aKeyIsLookedForOnceHoweverManyAskMeanwhile() {
        String key = key();
        List<Future<Caller>> callers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            callers.add(verifier.verify(key));
        }
        assertThat(asked).hasSize(1);
        // Late, so that it is not remembered: those who waited have their answer all the same.
        clock.advance(Duration.ofSeconds(2));
        answerAll();
        assertThat(callers).allMatch(Future::succeeded);

        verifier.verify(key);
        assertThat(asked).hasSize(2);
    }

    @Test
    void fewKeysAreLookedForAtATime() {
        List<Future<Caller>> inside = new ArrayList<>();
        for (int i = 0; i < LOOK_UPS; i++) {
            inside.add(verifier.verify(key()));
        }
        String next = key();
        Future<Caller> refused = verifier.verify(next);
        assertThat(refused.cause()).isInstanceOfSatisfying(ApiException.class, refusal -> {
            assertThat(refusal.error().status()).isEqualTo(429);
            assertThat(refusal.reason()).contains(RefusalReason.BUSY);
        });
        assertThat(asked).hasSize(LOOK_UPS);

        answers.get(0).fail("away");
        answerAll();
        assertThat(inside.get(0).failed()).isTrue();
        assertThat(inside.subList(1, LOOK_UPS)).allMatch(Future::succeeded);
        Future<Caller> later = verifier.verify(next);
        answerAll();
        assertThat(later.succeeded()).isTrue();
    }

    @Test
    void fewUsesAreNotedAtATime() {
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < LOOK_UPS; i++) {
            keys.add(key());
            verifier.verify(keys.get(i));
        }
        answerAll();
        assertThat(noted).hasSize(NOTES);

        notes.get(0).complete();
        notes.get(1).fail("away");
        // What there was no place for is noted when it is used again.
        keys.forEach(verifier::verify);
        assertThat(noted).hasSize(2 * NOTES).doesNotHaveDuplicates();
    }
}
