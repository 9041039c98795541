package io.tallygate.gateway.auth;

import io.tallygate.gateway.crypto.Base64Url;
import io.tallygate.gateway.http.ApiException;
import io.tallygate.gateway.http.RefusalReason;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/** The keys of an issuer as fetched at one moment, in a {@link JWTAuth} of their own that was seen to refuse. */
final class KeySet {
    /** A token without a key id is tried with every key of its algorithm: no more of them than this. */
    static final int MAX_CHECKS = 4;

    private final List<VerificationKey> keys;
    private final JWTAuth verifier;
    private final Instant fetchedAt;

    private KeySet(List<VerificationKey> keys, JWTAuth verifier, Instant fetchedAt) {
        this.keys = List.copyOf(keys);
        this.verifier = verifier;
        this.fetchedAt = fetchedAt;
    }

    /**
     * Builds it from checked keys. A {@code JWTAuth} without a usable key accepts unsigned tokens: it is only taken
     * into use after it refused some.
     */
    static Future<KeySet> of(Vertx vertx, List<VerificationKey> keys, Instant fetchedAt) {
        JWTAuthOptions options = new JWTAuthOptions()
                // Times are checked by Claims against the gateway's own clock.
                .setJWTOptions(new JWTOptions().setIgnoreExpiration(true));
        keys.forEach(key -> options.addJwk(key.jwk()));
        KeySet set = new KeySet(keys, JWTAuth.create(vertx, options), fetchedAt);
        List<Future<Void>> canaries =
                Canary.TOKENS.stream().map(set::requireRefusal).toList();
        return Future.all(canaries).map(set);
    }

    /** When it was fetched. */
    Instant fetchedAt() {
        return fetchedAt;
    }

    /** Whether the token says that one of these keys signed it. */
    boolean has(Token token) {
        return keys.stream().anyMatch(key -> mayHaveSigned(key, token));
    }

    /**
     * Verifies the signature; fails with a 401 if it is not that of one of these keys, or if there are more than
     * {@link #MAX_CHECKS} that it could be of.
     */
    Future<Token> verify(Token token) {
        List<VerificationKey> candidates =
                keys.stream().filter(key -> mayHaveSigned(key, token)).toList();
        if (candidates.size() > MAX_CHECKS) {
            return Future.failedFuture(Token.refused(
                    RefusalReason.UNKNOWN_KEY, "it does not say which of its issuer's many keys signed it"));
        }
        if (candidates.stream().noneMatch(key -> key.signatureLength() == token.signatureLength())) {
            // The verifier pads short signatures and takes DER where JWS has two numbers (RFC 7518, section 3.4).
            return Future.failedFuture(badSignature());
        }
        return authenticate(token.raw())
                .transform(result ->
                        result.succeeded() ? Future.succeededFuture(token) : Future.failedFuture(badSignature()));
    }

    private static boolean mayHaveSigned(VerificationKey key, Token token) {
        return key.algorithm().equals(token.algorithm())
                && (token.keyId().isEmpty() || key.id().isEmpty() || key.id().equals(token.keyId()));
    }

    private static ApiException badSignature() {
        return Token.refused(RefusalReason.BAD_SIGNATURE, "its signature does not verify");
    }

    private Future<Void> requireRefusal(String canary) {
        return authenticate(canary)
                .transform(result -> result.failed()
                        ? Future.succeededFuture()
                        : Future.failedFuture(
                                new IllegalStateException("the verifier accepted a token that nobody signed")));
    }

    /** In {@code compose}, because the library throws some of its refusals. */
    private Future<Void> authenticate(String token) {
        return Future.succeededFuture(new TokenCredentials(token))
                .compose(verifier::authenticate)
                .mapEmpty();
    }

    /** Tokens that nobody signed. */
    private static final class Canary {
        static final List<String> TOKENS = List.of(
                unsigned("none"),
                unsigned("none") + ".",
                unsigned("RS256"),
                unsigned("RS256") + ".",
                unsigned("ES256") + "." + encode("nobody"),
                unsigned("HS256") + "." + encode("nobody"));

        private static String unsigned(String algorithm) {
            return encode(new JsonObject().put("alg", algorithm).encode()) + "." + encode("{}");
        }

        private static String encode(String text) {
            return Base64Url.encode(text.getBytes(StandardCharsets.UTF_8));
        }
    }
}
