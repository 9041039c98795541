package io.tallygate.store.access;

import io.vertx.core.buffer.Buffer;

/**
 * A key with the hash of its text.
 *
 * @param keyHash SHA-256 of the text
 */
public record StoredApiKey(ApiKey key, Buffer keyHash) {}
