package io.tallygate.store.access;

/**
 * What came of making an API key.
 *
 * @param key null if it was refused
 * @param reached the limit for which it was refused, or null
 */
public record KeyOutcome(ApiKey key, KeyLimit reached) {
    static KeyOutcome made(ApiKey key) {
        return new KeyOutcome(key, null);
    }

    static KeyOutcome refused(KeyLimit reached) {
        return new KeyOutcome(null, reached);
    }
}
