package io.tallygate.gateway.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;

/**
 * Tokens whose signature was verified lately: to check one costs more than all else that a refusal takes, and a caller
 * sends the same one for an hour. Only what was accepted is kept, so that strangers have no room in it; and with the keys
 * that accepted it, so that it is checked again as soon as there are others. Everything else about a token, its times above
 * all, is looked at each time.
 */
final class VerifiedTokens {
    private static final long CHARACTERS = 4L << 20;
    private static final Duration UNUSED = Duration.ofMinutes(10);

    private final Cache<String, Verified> tokens = Caffeine.newBuilder()
            .maximumWeight(CHARACTERS)
            .weigher((String raw, Verified verified) -> raw.length())
            .expireAfterAccess(UNUSED)
            .build();

    private record Verified(Token token, KeySet keys) {}

    /** The token of a text, whose form is as {@link Token#parse} wants it; nothing is said about its signature. */
    Token parse(String raw) {
        Verified verified = tokens.getIfPresent(raw);
        return verified == null ? Token.parse(raw) : verified.token();
    }

    /** Whether exactly these keys verified it already. */
    boolean isVerifiedBy(KeySet keys, Token token) {
        Verified verified = tokens.getIfPresent(token.raw());
        return verified != null && verified.keys() == keys;
    }

    /** Keeps what these keys verified. */
    void keep(KeySet keys, Token token) {
        tokens.put(token.raw(), new Verified(token, keys));
    }
}
