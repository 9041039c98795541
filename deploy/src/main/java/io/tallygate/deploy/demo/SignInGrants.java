package io.tallygate.deploy.demo;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.tallygate.gateway.crypto.Base64Url;
import io.tallygate.gateway.crypto.Hmac;
import io.tallygate.store.Sha256;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * What was granted and not used yet, in memory: codes, which are good once and for five minutes, and refresh tokens, each of which
 * is good once and gives the next one. Whoever brings one a second time ends all that came of the same sign-in (RFC 9700,
 * section 2.2.2).
 */
final class SignInGrants {
    private static final Duration CODE_LIFE = Duration.ofMinutes(5);
    private static final int MOST = 10_000;
    private static final int SECRET = 32;

    private final Clock clock;
    private final Map<String, Code> codes = bounded();
    private final Map<String, Refresh> refreshes = bounded();

    /**
     * Somebody signed in.
     *
     * @param session what all that comes of it has in common
     */
    record Grant(String session, DemoPerson person, String clientId, String scope, String nonce) {}

    private record Code(Grant grant, SignInRequest request, Instant until, boolean used) {}

    private record Refresh(Grant grant, boolean used) {}

    SignInGrants(Clock clock) {
        this.clock = clock;
    }

    /** A code for a person who chose to sign in. */
    synchronized String code(SignInRequest request, DemoPerson person) {
        Grant grant =
                new Grant(UUID.randomUUID().toString(), person, request.clientId(), request.scope(), request.nonce());
        String code = secret();
        codes.put(code, new Code(grant, request, clock.instant().plus(CODE_LIFE), false));
        return code;
    }

    /** What a code was given for, once. */
    synchronized Optional<Grant> exchange(String code, String clientId, String redirectUri, String verifier) {
        Code given = codes.get(code);
        if (given == null || !given.grant().clientId().equals(clientId)) {
            return Optional.empty();
        }
        codes.put(code, new Code(given.grant(), given.request(), given.until(), true));
        if (given.used()) {
            end(given.grant().session());
            return Optional.empty();
        }
        boolean good = clock.instant().isBefore(given.until())
                && given.request().redirectUri().equals(redirectUri)
                && given.request().challenge().equals(challenge(verifier));
        return good ? Optional.of(given.grant()) : Optional.empty();
    }

    /** A new refresh token. */
    synchronized String refresh(Grant grant) {
        String token = secret();
        refreshes.put(token, new Refresh(grant, false));
        return token;
    }

    /** What a refresh token was given for, once. */
    synchronized Optional<Grant> renew(String token, String clientId) {
        Refresh given = refreshes.get(token);
        if (given == null || !given.grant().clientId().equals(clientId)) {
            return Optional.empty();
        }
        if (given.used()) {
            end(given.grant().session());
            return Optional.empty();
        }
        refreshes.put(token, new Refresh(given.grant(), true));
        return Optional.of(given.grant());
    }

    /** Ends all that came of a sign-in. */
    synchronized void end(String session) {
        refreshes.values().removeIf(given -> given.grant().session().equals(session));
    }

    private String secret() {
        return Base64Url.encode(Hmac.randomBytes(SECRET));
    }

    private static String challenge(String verifier) {
        return Base64Url.encode(Sha256.begin().digest(verifier.getBytes(US_ASCII)));
    }

    private static <T> Map<String, T> bounded() {
        return new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, T> eldest) {
                return size() > MOST;
            }
        };
    }
}
