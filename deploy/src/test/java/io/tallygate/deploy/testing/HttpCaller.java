package io.tallygate.deploy.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tallygate.gateway.auth.Role;
import io.tallygate.store.directory.TenantId;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import javax.net.ssl.SSLContext;

/** Someone who calls a gateway over TLS, with a credential or without. */
public final class HttpCaller {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().sslContext(TestIdentity.get().tls()).build();

    private final HttpClient client;
    private final URI gateway;
    private final Map<String, String> credential;

    private HttpCaller(HttpClient client, URI gateway, Map<String, String> credential) {
        this.client = client;
        this.gateway = gateway;
        this.credential = credential;
    }

    /** A caller of this tenant with these roles. */
    public static HttpCaller of(TestGateway gateway, TenantId tenant, Role... roles) {
        return bearing(gateway, TestIdentity.get().token(tenant, roles));
    }

    /** The operator with every role. */
    public static HttpCaller operator(TestGateway gateway) {
        return of(gateway, TestIdentity.OPERATOR, Role.values());
    }

    /** A caller with this token. */
    public static HttpCaller bearing(TestGateway gateway, String token) {
        return with(gateway, Map.of("Authorization", "Bearer " + token));
    }

    /** A caller without a token. */
    public static HttpCaller anonymous(TestGateway gateway) {
        return with(gateway, Map.of());
    }

    /** A caller with this API key. */
    public static HttpCaller withKey(TestGateway gateway, String key) {
        return with(gateway, Map.of("x-api-key", key));
    }

    /** A caller that sends these headers. */
    public static HttpCaller with(TestGateway gateway, Map<String, String> headers) {
        return new HttpCaller(CLIENT, gateway.url(), headers);
    }

    /** A caller with this token of a gateway that is no {@link TestGateway}. */
    public static HttpCaller at(URI gateway, SSLContext tls, String token) {
        return at(gateway, tls, Map.of("Authorization", "Bearer " + token));
    }

    /** A caller of a gateway that is no {@link TestGateway}, who sends these headers. */
    public static HttpCaller at(URI gateway, SSLContext tls, Map<String, String> headers) {
        return new HttpCaller(HttpClient.newBuilder().sslContext(tls).build(), gateway, headers);
    }

    /** An answer: its status, headers and body. */
    public record Answer(int status, HttpResponse<String> response) {
        /** The body as JSON; numbers are exact. */
        public JsonNode json() {
            return parse(response.body());
        }

        /** The last line of an NDJSON body. */
        public JsonNode lastLine() {
            String body = response.body().strip();
            return parse(body.substring(body.lastIndexOf('\n') + 1));
        }

        /** A text as JSON; numbers are exact. */
        public static JsonNode parse(String text) {
            try {
                return JSON.readTree(text);
            } catch (JsonProcessingException broken) {
                throw new AssertionError("Not JSON: " + text, broken);
            }
        }

        /** The code of an error body; empty if it has none. */
        public String errorCode() {
            return response.body().isEmpty()
                    ? ""
                    : json().path("error").path("code").asText();
        }

        /** The body. */
        public String body() {
            return response.body();
        }
    }

    public Answer get(String path) {
        return send("GET", path, null, null);
    }

    public Answer put(String path, String json) {
        return send("PUT", path, "application/json", json);
    }

    public Answer post(String path, String contentType, String body) {
        return send("POST", path, contentType, body);
    }

    public Answer delete(String path) {
        return send("DELETE", path, null, null);
    }

    /** Any request; {@code path} may be a whole URL. */
    public Answer send(String method, String path, String contentType, String body) {
        URI target = path.startsWith("https:") ? URI.create(path) : URI.create(gateway + path);
        HttpRequest.Builder request = HttpRequest.newBuilder(target)
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (contentType != null) {
            request.header("Content-Type", contentType);
        }
        credential.forEach(request::header);
        try {
            HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), response);
        } catch (IOException failed) {
            throw new AssertionError(method + " " + path + " failed", failed);
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }
}
