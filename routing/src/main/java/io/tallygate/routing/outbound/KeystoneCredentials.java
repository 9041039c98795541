package io.tallygate.routing.outbound;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.routing.outbound.HttpReply.Answer;
import io.tallygate.routing.outbound.HttpReply.Failure;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Fetches tokens from OpenStack's Keystone (v3), which are sent as {@code X-Auth-Token}. */
public final class KeystoneCredentials implements TokenIssuer {
    private static final Duration UNSAID_LIFETIME = Duration.ofMinutes(5);

    private final OutboundHttp http;
    private final URI tokens;
    private final Identity identity;

    /** Who asks. */
    public sealed interface Identity {
        /** What must not be written down. */
        String secret();

        /** The member {@code auth} of a request for a token. */
        JsonObject auth();
    }

    /** An application credential: of a user and a project, with some of the user's roles. */
    public record ApplicationCredential(String id, String secret) implements Identity {
        @Override
        public JsonObject auth() {
            return new JsonObject()
                    .put(
                            "identity",
                            new JsonObject()
                                    .put("methods", new JsonArray().add("application_credential"))
                                    .put(
                                            "application_credential",
                                            new JsonObject().put("id", id).put("secret", secret)));
        }

        /** Without the secret. */
        @Override
        public String toString() {
            return "ApplicationCredential[" + id + "]";
        }
    }

    /**
     * A user with a password, in a project.
     *
     * @param userDomain the name of the domain that the user is of; {@code projectDomain} likewise
     */
    public record Password(String user, String userDomain, String secret, String project, String projectDomain)
            implements Identity {
        @Override
        public JsonObject auth() {
            JsonObject named = new JsonObject()
                    .put("name", user)
                    .put("domain", new JsonObject().put("name", userDomain))
                    .put("password", secret);
            JsonObject scope =
                    new JsonObject().put("name", project).put("domain", new JsonObject().put("name", projectDomain));
            return new JsonObject()
                    .put(
                            "identity",
                            new JsonObject()
                                    .put("methods", new JsonArray().add("password"))
                                    .put("password", new JsonObject().put("user", named)))
                    .put("scope", new JsonObject().put("project", scope));
        }

        /** Without the password. */
        @Override
        public String toString() {
            return "Password[" + user + ", " + project + "]";
        }
    }

    /**
     * Asks for tokens by POST.
     *
     * @param authUrl Keystone's address, without {@code /v3}
     */
    public KeystoneCredentials(OutboundHttp http, URI authUrl, Identity identity) {
        this.http = http;
        // The catalog is of no use to us, and long.
        this.tokens = URI.create(authUrl + "/v3/auth/tokens?nocatalog");
        this.identity = identity;
    }

    @Override
    public Future<Access> fetch(Deadline deadline) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap()
                .add("Content-Type", "application/json")
                .add("Accept", "application/json");
        return http.post(
                        tokens,
                        headers,
                        new JsonObject().put("auth", identity.auth()).toBuffer(),
                        deadline)
                .map(this::read);
    }

    @Override
    public MultiMap header(Token token) {
        return MultiMap.caseInsensitiveMultiMap().add("X-Auth-Token", token.value());
    }

    @Override
    public List<String> secrets(Token token) {
        return List.of(token.value(), identity.secret());
    }

    private Access read(HttpReply reply) {
        if (reply instanceof Failure failure) {
            return NoToken.of(Trouble.NotSent, "no token: " + failure.detail(), Optional.empty());
        }
        Answer answer = (Answer) reply;
        String value =
                Optional.ofNullable(answer.headers().get("X-Subject-Token")).orElse("");
        if (answer.status() == 201 && BearerToken.isOne(value)) {
            return Token.of(value, lifetime(answer));
        }
        // Another try changes nothing: an unknown credential, one that has expired, a user without a role there.
        boolean credentials = List.of(400, 401, 403).contains(answer.status());
        String message = AnswerJson.read(answer.body())
                .map(body -> " " + body.path("error").path("message").asText())
                .orElse("")
                .replace(identity.secret(), "***");
        return NoToken.of(
                credentials ? Trouble.Unauthorized : Trouble.NotSent,
                "no token: HTTP " + answer.status() + message,
                answer.retryAfter());
    }

    // By Keystone's own clock alone, which need not be ours.
    private static Duration lifetime(Answer answer) {
        JsonNode token =
                AnswerJson.read(answer.body()).map(body -> body.path("token")).orElse(null);
        try {
            return token == null
                    ? UNSAID_LIFETIME
                    : Duration.between(
                            Instant.parse(token.path("issued_at").asText()),
                            Instant.parse(token.path("expires_at").asText()));
        } catch (DateTimeException unsaid) {
            return UNSAID_LIFETIME;
        }
    }
}
