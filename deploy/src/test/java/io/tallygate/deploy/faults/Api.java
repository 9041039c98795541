package io.tallygate.deploy.faults;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.deploy.testing.HttpCaller;
import io.tallygate.deploy.testing.TestIdentity;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;

/** Calls a gateway that may be down, slow or cut off: then there is no answer, and the caller does not know more. */
final class Api {
    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .sslContext(TestIdentity.get().tls())
            .connectTimeout(Duration.ofSeconds(2))
            .build();

    private final URI base;
    private final String token;

    /** Without a token if it is null. */
    Api(URI base, String token) {
        this.base = base;
        this.token = token;
    }

    /** An answer that came in full. */
    record Answer(int status, String body) {
        JsonNode json() {
            return HttpCaller.Answer.parse(body);
        }
    }

    Optional<Answer> get(String path) {
        return send("GET", path, null, null);
    }

    Optional<Answer> put(String path, String json) {
        return send("PUT", path, "application/json", json);
    }

    Optional<Answer> post(String path, String contentType, String body) {
        return send("POST", path, contentType, body);
    }

    private Optional<Answer> send(String method, String path, String contentType, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path))
                .timeout(Duration.ofSeconds(10))
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (contentType != null) {
            request.header("Content-Type", contentType);
        }
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        try {
            HttpResponse<String> response = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return Optional.of(new Answer(response.statusCode(), response.body()));
        } catch (IOException noAnswer) {
            return Optional.empty();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }
}
