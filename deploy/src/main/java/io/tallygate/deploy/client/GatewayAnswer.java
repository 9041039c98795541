package io.tallygate.deploy.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.gateway.http.Excerpt;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/**
 * What came back from the gateway.
 *
 * @param status the HTTP status, or 0 if there was none
 * @param retryAfter the header {@code Retry-After}, or null
 * @param body as far as it came
 * @param failure why it ended early, or null if it is complete
 */
public record GatewayAnswer(int status, String retryAfter, String body, Throwable failure) {
    /** Whether the status tells of success. */
    public boolean isSuccess() {
        return status >= 200 && status < 300;
    }

    /** The status and what the gateway said, on one line. */
    public String summary() {
        return Excerpt.oneLine(status + " " + error());
    }

    /**
     * The body as JSON.
     *
     * @throws StoppedException if it is none
     */
    public JsonNode json() throws StoppedException {
        try {
            return ExactJson.MAPPER.readTree(body);
        } catch (JsonProcessingException malformed) {
            throw new StoppedException("expected JSON from the gateway, got " + Excerpt.of(body));
        }
    }

    /**
     * Refuses anything but an answer that the caller can read.
     *
     * @throws TryAgainException if the gateway is busy or away for now
     * @throws StoppedException if the token is refused
     */
    public GatewayAnswer orTryAgain(Instant now) throws TryAgainException, StoppedException {
        if (status == 0) {
            throw new TryAgainException("no answer from the gateway: " + Excerpt.oneLine(failure.toString()), null);
        }
        if (status == 429 || status >= 500) {
            throw new TryAgainException("the gateway answered " + summary(), pause(now));
        }
        if (status == 401) {
            throw new StoppedException("the gateway refused the token: " + summary());
        }
        return this;
    }

    /** How long the gateway asks to wait: seconds or an HTTP date; null if it does not say. */
    public Duration pause(Instant now) {
        if (retryAfter == null) {
            return null;
        }
        try {
            return retryAfter.matches("\\d{1,9}")
                    ? Duration.ofSeconds(Long.parseLong(retryAfter))
                    : Duration.between(
                            now,
                            ZonedDateTime.parse(retryAfter, DateTimeFormatter.RFC_1123_DATE_TIME)
                                    .toInstant());
        } catch (DateTimeException nonsense) {
            return null;
        }
    }

    private String error() {
        try {
            JsonNode error = ExactJson.MAPPER.readTree(body).path("error");
            if (error.isObject()) {
                return error.path("code").asText() + ": "
                        + error.path("message").asText();
            }
        } catch (JsonProcessingException notOurs) {
            // A proxy's page: shown as it is.
        }
        return body.isBlank() ? "(no body)" : Excerpt.of(body);
    }
}
