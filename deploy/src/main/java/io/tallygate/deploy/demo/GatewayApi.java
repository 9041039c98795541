package io.tallygate.deploy.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The gateway's HTTP API, called as any client would. What is sent is idempotent and tried again when it is busy. */
final class GatewayApi {
    private static final Logger LOG = LoggerFactory.getLogger(GatewayApi.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int ATTEMPTS = 6;
    private static final Set<Integer> BUSY = Set.of(429, 502, 503, 504);

    private final HttpClient http;
    private final URI base;
    private final String token;
    private final Duration pause;

    /**
     * A client of the gateway at this URL.
     *
     * @param pause how long to wait before the second attempt; doubled each time
     */
    GatewayApi(SSLContext tls, URI base, String token, Duration pause) {
        this.http = HttpClient.newBuilder()
                .sslContext(tls)
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(10))
                .build();
        this.base = base;
        this.token = token;
        this.pause = pause;
    }

    /** GET of a JSON document. */
    JsonNode get(String path) throws IOException {
        return JSON.readTree(send(request(path).GET()));
    }

    /** PUT of a JSON document. */
    void put(String path, JsonNode body) throws IOException {
        send(request(path).header("Content-Type", "application/json").PUT(BodyPublishers.ofString(body.toString())));
    }

    /** POST of NDJSON; the answer is NDJSON too. */
    String post(String path, BodyPublisher lines) throws IOException {
        return send(request(path).header("Content-Type", "application/x-ndjson").POST(lines));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base + path))
                .timeout(Duration.ofMinutes(5))
                .header("Authorization", "Bearer " + token);
    }

    private String send(HttpRequest.Builder builder) throws IOException {
        HttpRequest request = builder.build();
        for (int attempt = 1; ; attempt++) {
            try {
                HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
                if (answer.statusCode() / 100 == 2) {
                    return answer.body();
                }
                if (attempt == ATTEMPTS || !BUSY.contains(answer.statusCode())) {
                    throw new RefusedException(
                            request.method() + " " + request.uri().getPath() + " was answered with "
                                    + answer.statusCode() + ": " + answer.body());
                }
                LOG.info(
                        "{} {}: {}; trying again",
                        request.method(),
                        request.uri().getPath(),
                        answer.statusCode());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw (IOException) new InterruptedIOException("interrupted while calling the gateway").initCause(e);
            } catch (RefusedException | SSLHandshakeException e) {
                throw e;
            } catch (IOException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
                LOG.info(
                        "{} {}: {}; trying again",
                        request.method(),
                        request.uri().getPath(),
                        e.toString());
            }
            Pause.of(pause.multipliedBy(1L << (attempt - 1)));
        }
    }

    /** The gateway's answer to what it will not do. */
    static final class RefusedException extends IOException {
        RefusedException(String message) {
            super(message);
        }
    }
}
