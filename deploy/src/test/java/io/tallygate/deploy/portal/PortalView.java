package io.tallygate.deploy.portal;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A view at an address, and what it has to show there.
 *
 * @param name of its pictures
 * @param path of the view, as in routes.js
 * @param query what follows it in the address, as {@code ?state=dead}, or nothing
 * @param told the CSS selector of something that says what the API says at that moment, asked with a token
 */
record PortalView(String name, String path, String query, Supplier<String> told) {
    private static final Pattern ROUTE = Pattern.compile("\\{ path: \"(\\w+)\".*? allowed: (\\w+),");

    /** Without anything after its path. */
    static PortalView plain(String path, Supplier<String> told) {
        return new PortalView(path, path, "", told);
    }

    /** What the address bar says after the portal's path. */
    String address() {
        return "/portal/#/" + path + query;
    }

    @Override
    public String toString() {
        return name;
    }

    /** Every path of routes.js, and the name of the function there that says who may see it. */
    static Map<String, String> all() {
        try (InputStream in = PortalView.class.getResourceAsStream("/portal/js/routes.js")) {
            Matcher routes = ROUTE.matcher(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            Map<String, String> found = new TreeMap<>();
            while (routes.find()) {
                found.put(routes.group(1), routes.group(2));
            }
            return found;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** The row of a list whose member is this text. */
    static JsonNode row(JsonNode rows, String member, String value) {
        for (JsonNode row : rows) {
            if (row.path(member).asText().equals(value)) {
                return row;
            }
        }
        throw new AssertionError("No row has " + member + " " + value + ": " + rows);
    }
}
