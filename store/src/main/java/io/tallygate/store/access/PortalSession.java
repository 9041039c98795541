package io.tallygate.store.access;

import io.tallygate.store.Rows;
import io.tallygate.store.directory.TenantId;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import java.time.Instant;

/**
 * Somebody who is signed in to the portal.
 *
 * @param hash SHA-256 of the random bits in the cookie: names the session
 * @param subject as the access token names it
 * @param tokens sealed by the gateway
 * @param expiresAt whatever is done with it; null before it is stored
 * @param useIsNews whether it was not used for a minute
 */
public record PortalSession(
        Buffer hash, TenantId tenant, String subject, Tokens tokens, Instant expiresAt, boolean useIsNews) {
    /** All columns. */
    static final String COLUMNS = """
            session_hash, tenant_id, subject, sealed_tokens, renew_at, token_expires_at, expires_at,
              last_used_at < clock_timestamp() - interval '1 minute' as use_is_news""";

    /**
     * The tokens of a session.
     *
     * @param sealed what only the gateways can open
     * @param renewAt from then on the access token is renewed before it is used
     * @param expireAt from then on it cannot be used
     */
    public record Tokens(Buffer sealed, Instant renewAt, Instant expireAt) {
        /** Nothing of them. */
        @Override
        public String toString() {
            return "Tokens[" + expireAt + "]";
        }
    }

    static PortalSession of(Row row) {
        return new PortalSession(
                row.getBuffer("session_hash"),
                new TenantId(row.getUUID("tenant_id")),
                row.getString("subject"),
                new Tokens(
                        row.getBuffer("sealed_tokens"),
                        Rows.instant(row, "renew_at"),
                        Rows.instant(row, "token_expires_at")),
                Rows.instant(row, "expires_at"),
                row.getBoolean("use_is_news"));
    }

    /** Neither hash nor tokens. */
    @Override
    public String toString() {
        return "PortalSession[" + tenant + ", " + expiresAt + "]";
    }
}
