package io.tallygate.routing.outbound;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.routing.outbound.HttpReply.Answer;
import io.tallygate.routing.outbound.HttpReply.Failure;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Fetches bearer tokens with an application's own credentials (RFC 6749, section 4.4) and keeps one until shortly before
 * it expires. However many ask, one fetch is under way. Safe for several threads.
 */
public final class ClientCredentials {
    private static final Duration UNSAID_LIFETIME = Duration.ofMinutes(5);
    private static final Duration LONGEST_LIFETIME = Duration.ofDays(1);
    private static final Duration MARGIN = Duration.ofMinutes(5);

    private final OutboundHttp http;
    private final URI tokenUrl;
    private final String clientSecret;
    private final Buffer form;
    private Token kept;
    private Future<Access> underway;

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

    /** A token, or why there is none. */
    public sealed interface Access {}

    /**
     * A token.
     *
     * @param staleNanos when it should not be used any more, on the clock of {@link System#nanoTime()}
     */
    public record Token(String value, long staleNanos) implements Access {
        @Override
        public String toString() {
            return "Token";
        }
    }

    /** There is none: {@link Trouble#NotSent} or {@link Trouble#Unauthorized}. */
    public record NoToken(Failure failure) implements Access {}

    /** The token that is kept, or a new one. */
    Future<Access> access(Deadline deadline) {
        return current(deadline)
                .timeout(Math.max(1, deadline.leftMillis()), TimeUnit.MILLISECONDS)
                .recover(ClientCredentials::late);
    }

    /** The endpoint did not take this token: it is not used again. */
    synchronized void invalidate(Token refused) {
        // Another submission may have fetched a new one meanwhile.
        if (refused.equals(kept)) {
            kept = null;
        }
    }

    private static Future<Access> late(Throwable failure) {
        return failure instanceof TimeoutException
                ? Future.succeededFuture(noToken(Trouble.NotSent, "no token in time", Optional.empty()))
                : Future.failedFuture(failure);
    }

    private synchronized Future<Access> current(Deadline deadline) {
        if (underway != null) {
            return underway;
        }
        if (kept != null && kept.staleNanos() - System.nanoTime() > 0) {
            return Future.succeededFuture(kept);
        }
        Promise<Access> promise = Promise.promise();
        underway = promise.future();
        fetch(deadline).onComplete(result -> settle(result, promise));
        return promise.future();
    }

    private void settle(AsyncResult<Access> result, Promise<Access> promise) {
        synchronized (this) {
            underway = null;
            kept = result.succeeded() && result.result() instanceof Token token ? token : null;
        }
        promise.handle(result);
    }

    private Future<Access> fetch(Deadline deadline) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap()
                .add("Content-Type", "application/x-www-form-urlencoded")
                .add("Accept", "application/json");
        return http.post(tokenUrl, headers, form, deadline).map(this::read);
    }

    private Access read(HttpReply reply) {
        if (reply instanceof Failure failure) {
            return noToken(Trouble.NotSent, "no token: " + failure.detail(), Optional.empty());
        }
        Answer answer = (Answer) reply;
        if (answer.status() == 200) {
            return AnswerJson.read(answer.body())
                    .flatMap(ClientCredentials::token)
                    .map(Access.class::cast)
                    .orElseGet(() -> noToken(Trouble.NotSent, "no token: nonsense", Optional.empty()));
        }
        // 400 and 401 with invalid_client and the like (RFC 6749, section 5.2): another try changes nothing.
        boolean credentials = answer.status() == 400 || answer.status() == 401 || answer.status() == 403;
        String error = AnswerJson.read(answer.body())
                .map(body -> " " + body.path("error").asText())
                .orElse("")
                .replace(clientSecret, "***");
        return noToken(
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
        Duration lifetime = lifetime(answer.path("expires_in"));
        Duration margin = MARGIN.compareTo(lifetime.dividedBy(2)) < 0 ? MARGIN : lifetime.dividedBy(2);
        return Optional.of(
                new Token(value, System.nanoTime() + lifetime.minus(margin).toNanos()));
    }

    // A number; Entra ID's older endpoint says it as a string.
    private static Duration lifetime(JsonNode expiresIn) {
        long seconds = expiresIn.asLong(UNSAID_LIFETIME.toSeconds());
        return Duration.ofSeconds(Math.max(0, Math.min(seconds, LONGEST_LIFETIME.toSeconds())));
    }

    private static NoToken noToken(Trouble trouble, String detail, Optional<Duration> retryAfter) {
        return new NoToken(new Failure(trouble, Detail.of(detail), retryAfter));
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    /** What must not be written down. */
    List<String> secrets(Token token) {
        return List.of(token.value(), clientSecret);
    }
}
