package io.tallygate.routing.outbound;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.routing.outbound.HttpReply.Answer;
import io.tallygate.routing.outbound.HttpReply.Failure;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Fetches bearer tokens with an application's own credentials (RFC 6749, section 4.4). */
public final class ClientCredentials implements TokenIssuer {
    private static final Duration UNSAID_LIFETIME = Duration.ofMinutes(5);

    private final OutboundHttp http;
    private final URI tokenUrl;
    private final String clientSecret;
    private final Buffer form;

    /**
     * Asks for tokens by POST.
     *
     * @param audience what the tokens are for: a {@code scope}, or a {@code resource}, as AD FS and Entra ID's older endpoint
     *     call it
     */
    public ClientCredentials(
            OutboundHttp http, String tokenUrl, String clientId, String clientSecret, Audience audience) {
        this.http = http;
        this.tokenUrl = URI.create(tokenUrl);
        this.clientSecret = clientSecret;
        this.form = Buffer.buffer("grant_type=client_credentials&client_id=" + encoded(clientId) + "&client_secret="
                + encoded(clientSecret) + "&" + audience.field() + "=" + encoded(audience.value()));
    }

    /**
     * What tokens are for.
     *
     * @param field of the form: {@code scope} or {@code resource}
     */
    public record Audience(String field, String value) {
        /** Of RFC 6749. */
        public static Audience scope(String scope) {
            return new Audience("scope", scope);
        }

        /** Of AD FS. */
        public static Audience resource(String resource) {
            return new Audience("resource", resource);
        }
    }

    @Override
    public Future<Access> fetch(Deadline deadline) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap()
                .add("Content-Type", "application/x-www-form-urlencoded")
                .add("Accept", "application/json");
        return http.post(tokenUrl, headers, form, deadline).map(this::read);
    }

    private Access read(HttpReply reply) {
        if (reply instanceof Failure failure) {
            return NoToken.of(Trouble.NotSent, "no token: " + failure.detail(), Optional.empty());
        }
        Answer answer = (Answer) reply;
        if (answer.status() == 200) {
            return AnswerJson.read(answer.body())
                    .flatMap(ClientCredentials::token)
                    .map(Access.class::cast)
                    .orElseGet(() -> NoToken.of(Trouble.NotSent, "no token: nonsense", Optional.empty()));
        }
        // 400 and 401 with invalid_client and the like (RFC 6749, section 5.2): another try changes nothing.
        boolean credentials = answer.status() == 400 || answer.status() == 401 || answer.status() == 403;
        String error = AnswerJson.read(answer.body())
                .map(body -> " " + body.path("error").asText())
                .orElse("")
                .replace(clientSecret, "***");
        return NoToken.of(
                credentials ? Trouble.Unauthorized : Trouble.NotSent,
                "no token: HTTP " + answer.status() + error,
                answer.retryAfter());
    }

    private static Optional<Access> token(JsonNode answer) {
        String value = answer.path("access_token").asText();
        String type = answer.path("token_type").asText("Bearer");
        if (!BearerToken.isOne(value) || !type.equalsIgnoreCase("Bearer")) {
            return Optional.empty();
        }
        return Optional.of(Token.of(value, lifetime(answer.path("expires_in"))));
    }

    // A number; Entra ID's older endpoint says it as a string.
    private static Duration lifetime(JsonNode expiresIn) {
        return Duration.ofSeconds(expiresIn.asLong(UNSAID_LIFETIME.toSeconds()));
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    @Override
    public MultiMap header(Token token) {
        return MultiMap.caseInsensitiveMultiMap().add("Authorization", "Bearer " + token.value());
    }

    @Override
    public List<String> secrets(Token token) {
        return List.of(token.value(), clientSecret);
    }
}
