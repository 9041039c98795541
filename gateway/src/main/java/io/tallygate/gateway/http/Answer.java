package io.tallygate.gateway.http;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;

/**
 * What a handler answers with.
 *
 * @param body null for none
 */
public record Answer(int status, Map<String, String> headers, Buffer body) {
    /** With any other content type one SDK reads no rows and says nothing. */
    public static final String JSON = "application/json; charset=utf-8";

    /** 200 with a JSON body. */
    public static Answer ok(JsonObject body) {
        return json(200, body);
    }

    /** 200 with a JSON body that is ready. */
    public static Answer ok(Buffer json) {
        return new Answer(200, Map.of("Content-Type", JSON), json);
    }

    /** Any status with a JSON body. */
    public static Answer json(int status, JsonObject body) {
        return new Answer(status, Map.of("Content-Type", JSON), WireJson.encode(body));
    }

    /** A status alone. */
    public static Answer empty(int status) {
        return new Answer(status, Map.of(), null);
    }

    /** The same with more headers. */
    public Answer with(Map<String, String> more) {
        Map<String, String> all = new HashMap<>(headers);
        all.putAll(more);
        return new Answer(status, all, body);
    }

    /** Sends it; the future completes when its last byte has left for the caller. */
    Future<Void> send(HttpServerResponse response) {
        response.setStatusCode(status);
        headers.forEach(response::putHeader);
        return body == null ? response.end() : response.end(body);
    }
}
