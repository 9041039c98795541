package io.tallygate.gateway.portal;

import io.tallygate.store.access.PortalSession;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What a session's caller is known by.
 *
 * @param access a verified access token
 * @param refresh renews it, if the issuer gave one
 * @param id the ID token, for signing out
 * @param name what the person is called
 */
record SessionTokens(String access, Optional<String> refresh, String id, String name) {
    private static final Duration LONGEST_AHEAD = Duration.ofMinutes(2);
    private static final int PART_AHEAD = 4;

    /**
     * Sealed, for the row of this session alone.
     *
     * @param now what the access token's life is measured from
     */
    PortalSession.Tokens seal(PortalSecrets secrets, Buffer session, Instant now) {
        JsonObject text = new JsonObject().put("access", access).put("id", id).put("name", name);
        refresh.ifPresent(token -> text.put("refresh", token));
        Instant end = TokenAnswer.expiry(access);
        Duration part = Duration.between(now, end).dividedBy(PART_AHEAD);
        Duration ahead = part.compareTo(LONGEST_AHEAD) < 0 ? part : LONGEST_AHEAD;
        return new PortalSession.Tokens(secrets.seal(text.encode(), session.getBytes()), end.minus(ahead), end);
    }

    /** Those of a session; empty if they cannot be opened, as after the secret was changed. */
    static Optional<SessionTokens> open(PortalSecrets secrets, PortalSession session) {
        return secrets.open(session.tokens().sealed(), session.hash().getBytes())
                .map(JsonObject::new)
                .map(text -> new SessionTokens(
                        text.getString("access"),
                        Optional.ofNullable(text.getString("refresh")),
                        text.getString("id"),
                        text.getString("name")));
    }

    /** The same after it was renewed: what the issuer did not say anew stays. */
    SessionTokens renewed(TokenAnswer answer) {
        return new SessionTokens(
                answer.access(), answer.refresh().or(() -> refresh), answer.id().orElse(id), name);
    }

    /** Nothing of them. */
    @Override
    public String toString() {
        return "SessionTokens";
    }
}
