package io.tallygate.gateway.http;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Pages by key: {@code {"value": […], "nextLink": …}}, where the link is the same request with another {@code after}. */
public final class PageLink {
    private static final String AFTER = "after";

    private final PublicAddress address;

    /** Makes links to the address under which the client sees the gateway. */
    public PageLink(PublicAddress address) {
        this.address = address;
    }

    /**
     * The answer with a page.
     *
     * @param rows one more than {@code size} if there is another page
     * @param key what the next page comes after
     */
    public <T> Answer page(
            RoutingContext ctx, List<T> rows, int size, Function<T, JsonObject> json, Function<T, String> key) {
        return Answer.ok(put(new JsonObject(), ctx, Map.of(), rows, size, json, key));
    }

    /**
     * Puts a page on an answer that says more.
     *
     * @param meant parameters as this page understood them, so that the next one has the same range whatever the clock says
     */
    public <T> JsonObject put(
            JsonObject answer,
            RoutingContext ctx,
            Map<String, String> meant,
            List<T> rows,
            int size,
            Function<T, JsonObject> json,
            Function<T, String> key) {
        List<T> page = rows.subList(0, Math.min(size, rows.size()));
        JsonArray value = new JsonArray();
        page.forEach(row -> value.add(json.apply(row)));
        answer.put("value", value);
        if (rows.size() > size) {
            answer.put("nextLink", next(ctx, meant, key.apply(page.get(size - 1))));
        }
        return answer;
    }

    private String next(RoutingContext ctx, Map<String, String> meant, String after) {
        Map<String, String> parameters = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        ctx.queryParams().forEach(parameter -> parameters.putIfAbsent(parameter.getKey(), parameter.getValue()));
        parameters.putAll(meant);
        parameters.put(AFTER, after);
        return parameters.entrySet().stream()
                .map(parameter -> encoded(parameter.getKey()) + "=" + encoded(parameter.getValue()))
                .collect(Collectors.joining(
                        "&", address.of(ctx.request()) + ctx.request().path() + "?", ""));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
