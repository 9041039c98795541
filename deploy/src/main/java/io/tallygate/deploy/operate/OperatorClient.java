package io.tallygate.deploy.operate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tallygate.deploy.client.ExactJson;
import io.tallygate.deploy.client.GatewayAnswer;
import io.tallygate.deploy.client.GatewayClient;
import io.tallygate.deploy.client.StoppedException;
import io.tallygate.gateway.http.Excerpt;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What an operator asks a gateway. */
final class OperatorClient {
    private static final int NOT_SEALED_YET = 202;

    private final GatewayClient gateway;
    private final String token;

    /** Calls with this token. */
    OperatorClient(GatewayClient gateway, String token) {
        this.gateway = gateway;
        this.token = token;
    }

    /**
     * The answer to a GET.
     *
     * @param query parameters by name; those that are null are left out
     * @throws StoppedException if it tells of no success, or not yet
     */
    JsonNode get(String path, Map<String, String> query) throws StoppedException {
        return answer(HttpMethod.GET, path + text(query), null).json();
    }

    /** The answer to a POST of a JSON object. */
    JsonNode post(String path, ObjectNode body) throws StoppedException {
        return answer(HttpMethod.POST, path, body).json();
    }

    /** Deletes something. */
    void delete(String path) throws StoppedException {
        answer(HttpMethod.DELETE, path, null);
    }

    /**
     * Reads pages until there is none, or somebody has enough.
     *
     * @param each is given each element; false ends it
     */
    void each(String path, Map<String, String> query, Predicate<JsonNode> each) throws StoppedException {
        for (String next = path + text(query); next != null; ) {
            JsonNode page = answer(HttpMethod.GET, next, null).json();
            for (JsonNode element : page.path("value")) {
                if (!each.test(element)) {
                    return;
                }
            }
            next = page.path("nextLink").isTextual()
                    ? afterHost(page.path("nextLink").textValue())
                    : null;
        }
    }

    static ObjectNode object() {
        return ExactJson.MAPPER.createObjectNode();
    }

    // The token goes to the gateway that was asked for, whatever address the link has.
    private static String afterHost(String link) {
        URI uri = URI.create(link);
        return uri.getRawPath() + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
    }

    private GatewayAnswer answer(HttpMethod method, String path, ObjectNode body) throws StoppedException {
        Buffer json = body == null ? null : Buffer.buffer(body.toString());
        GatewayAnswer answer = gateway.send(method, path, token, "application/json; charset=utf-8", json);
        if (answer.failure() != null) {
            throw new StoppedException("no answer from the gateway: "
                    + Excerpt.oneLine(answer.failure().toString()));
        }
        if (!answer.isSuccess() || answer.status() == NOT_SEALED_YET) {
            throw new StoppedException("the gateway answered " + answer.summary());
        }
        return answer;
    }

    private static String text(Map<String, String> query) {
        String text = query.entrySet().stream()
                .filter(parameter -> parameter.getValue() != null)
                .map(parameter -> parameter.getKey() + "=" + encoded(parameter.getValue()))
                .collect(Collectors.joining("&"));
        return text.isEmpty() ? "" : "?" + text;
    }

    /** A text as part of a path or a query. */
    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
