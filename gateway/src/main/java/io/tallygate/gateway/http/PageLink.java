package io.tallygate.gateway.http;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

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
        List<T> page = rows.subList(0, Math.min(size, rows.size()));
        JsonArray value = new JsonArray();
        page.forEach(row -> value.add(json.apply(row)));
        JsonObject body = new JsonObject().put("value", value);
        if (rows.size() > size) {
            body.put("nextLink", next(ctx, key.apply(page.get(size - 1))));
        }
        return Answer.ok(body);
    }

    private String next(RoutingContext ctx, String after) {
        StringBuilder link = new StringBuilder(address.of(ctx.request()))
                .append(ctx.request().path())
                .append('?');
        for (Map.Entry<String, String> parameter : ctx.queryParams()) {
            if (!parameter.getKey().equalsIgnoreCase(AFTER)) {
                link.append(encoded(parameter.getKey()))
                        .append('=')
                        .append(encoded(parameter.getValue()))
                        .append('&');
            }
        }
        return link.append(AFTER + "=").append(encoded(after)).toString();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
