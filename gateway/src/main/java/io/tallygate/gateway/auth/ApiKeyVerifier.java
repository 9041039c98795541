package io.tallygate.gateway.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.tallygate.gateway.auth.ApiKeyTexts.Presented;
import io.tallygate.gateway.http.ApiError;
import io.tallygate.gateway.http.ApiException;
import io.tallygate.gateway.http.RefusalReason;
import io.tallygate.store.Places;
import io.tallygate.store.access.ApiKey;
import io.tallygate.store.access.ApiKeyStore;
import io.tallygate.store.access.StoredApiKey;
import io.tallygate.store.directory.TenantId;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The text of an API key in, a {@link Caller} or a refusal out. A key that was good is good without the database for 4 s: so
 * one that is revoked is refused by every gateway within 5 s. One for the whole process.
 */
public final class ApiKeyVerifier {
    private static final Logger LOG = LoggerFactory.getLogger(ApiKeyVerifier.class);
    private static final Duration REMEMBERED = Duration.ofSeconds(4);
    private static final Duration PROMPT = Duration.ofSeconds(1);
    private static final Duration USE_NOTED = Duration.ofMinutes(1);
    private static final int MOST_REMEMBERED = 10_000;
    // It is before all bounds on requests: who has many keys must not take the connections of those inside.
    private static final int MOST_LOOK_UPS = 4;
    private static final int MOST_NOTES = 2;

    private final ApiKeyTexts texts;
    private final Function<UUID, Future<StoredApiKey>> store;
    private final Function<UUID, Future<Void>> notes;
    private final TenantId operatorTenant;
    private final Clock clock;
    // By the hash: no text stays in memory.
    private final Cache<Buffer, ApiKey> good = Caffeine.newBuilder()
            .expireAfterWrite(REMEMBERED)
            .maximumSize(MOST_REMEMBERED)
            .build();
    private final JoinedLookUps<Presented, ApiKey> lookUps = new JoinedLookUps<>();
    private final Places lookingUp = new Places(MOST_LOOK_UPS);
    private final Places noting = new Places(MOST_NOTES);
    private final Cache<UUID, Boolean> noted = Caffeine.newBuilder()
            .expireAfterWrite(USE_NOTED)
            .maximumSize(MOST_REMEMBERED)
            .build();

    /** Takes keys that were made with {@code texts} and are in the store. */
    public ApiKeyVerifier(ApiKeyTexts texts, ApiKeyStore store, TenantId operatorTenant, Clock clock) {
        this(texts, store::findWithHash, store::used, operatorTenant, clock);
    }

    /** The same with a store of one's own: {@code notes} takes the id of a key that was used. */
    ApiKeyVerifier(
            ApiKeyTexts texts,
            Function<UUID, Future<StoredApiKey>> store,
            Function<UUID, Future<Void>> notes,
            TenantId operatorTenant,
            Clock clock) {
        this.texts = texts;
        this.store = store;
        this.notes = notes;
        this.operatorTenant = operatorTenant;
        this.clock = clock;
    }

    /** Takes no key at all. */
    static ApiKeyVerifier none() {
        return new ApiKeyVerifier(new ApiKeyTexts(List.of()), null, null, null, Clock.systemUTC());
    }

    /**
     * The caller, or an {@link ApiException}: 401, or 429 if too many keys are looked for already. Other failures are the
     * store's.
     */
    Future<Caller> verify(String text) {
        if (!texts.enabled()) {
            return Future.failedFuture(ApiError.AuthenticationFailed.because(
                    RefusalReason.KEYS_OFF,
                    "This gateway takes no API keys: send `Authorization: Bearer <access token>`."));
        }
        return texts.read(text)
                .map(presented -> known(presented).map(this::caller).onSuccess(this::noteUse))
                .orElseGet(() -> Future.failedFuture(unknown()));
    }

    private Future<ApiKey> known(Presented presented) {
        ApiKey key = good.getIfPresent(presented.hash());
        return key != null ? Future.succeededFuture(key) : lookUps.find(presented, this::lookUp);
    }

    private Future<ApiKey> lookUp(Presented presented) {
        if (!lookingUp.take()) {
            return Future.failedFuture(ApiError.TooManyRequests.because(
                    RefusalReason.BUSY,
                    "Too many API keys are looked for at this moment: ask again after the time that Retry-After says"));
        }
        Instant asked = clock.instant();
        return Future.succeededFuture(presented.id())
                .compose(store)
                .onComplete(done -> lookingUp.leave())
                .map(stored -> proven(presented, stored))
                .onSuccess(found -> remember(presented, found, asked));
    }

    // What came late may be out of date already.
    private void remember(Presented presented, ApiKey found, Instant asked) {
        if (clock.instant().isBefore(asked.plus(PROMPT))) {
            good.put(presented.hash(), found);
        }
    }

    private static ApiKey proven(Presented presented, StoredApiKey stored) {
        // Where there is no such key, something is compared all the same.
        Buffer expected = stored == null ? presented.hash() : stored.keyHash();
        boolean same =
                MessageDigest.isEqual(expected.getBytes(), presented.hash().getBytes());
        if (stored == null || !same) {
            throw unknown();
        }
        return stored.key();
    }

    /**
     * Fails for a key that is not good at this time.
     *
     * @param key null for one that does not exist
     * @throws ApiException 401
     */
    public static void requireGood(ApiKey key, Instant now) {
        if (key == null) {
            throw unknown();
        }
        if (key.revokedAt() != null) {
            throw refusal(RefusalReason.KEY_REVOKED, "it is revoked");
        }
        if (!now.isBefore(key.expiresAt())) {
            throw refusal(RefusalReason.KEY_EXPIRED, "it has expired");
        }
    }

    private Caller caller(ApiKey key) {
        requireGood(key, clock.instant());
        return Caller.ofKey(
                key.tenant(),
                new ApiKeyScope(key.id(), key.createdBy(), key.subscriptions()),
                roles(key),
                key.tenant().equals(operatorTenant));
    }

    private static Set<Role> roles(ApiKey key) {
        EnumSet<Role> roles = EnumSet.noneOf(Role.class);
        for (Role role : Role.values()) {
            if (key.roles().contains(role.claimValue())) {
                roles.add(role);
            }
        }
        return roles;
    }

    // Beside the request, which does not wait for it. What there is no place for is noted at a later use.
    private void noteUse(Caller caller) {
        UUID id = caller.key().orElseThrow().id();
        if (noted.getIfPresent(id) != null || !noting.take()) {
            return;
        }
        noted.put(id, true);
        Future.succeededFuture(id)
                .compose(notes)
                .onComplete(done -> noting.leave())
                .onFailure(failure -> LOG.info("The use of an API key was not noted: {}", failure.getMessage()));
    }

    private static ApiException unknown() {
        return refusal(RefusalReason.KEY_UNKNOWN, "it is not one that was made here, or not any more");
    }

    private static ApiException refusal(RefusalReason reason, String why) {
        return ApiError.InvalidApiKey.because(reason, "The API key is not accepted: " + why + ".");
    }
}
