package io.tallygate.deploy.fuzz;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;

/**
 * A request made of any bytes: {@code METHOD target}, a line with the content type, and the body. What HTTP itself cannot
 * carry in a request line or a header is replaced, so that the gateway is asked and not the HTTP client.
 */
record FuzzedRequest(String method, String target, String contentType, Buffer body) {
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");
    private static final int MAX_TARGET = 8000;

    /** The request that these bytes stand for. */
    static FuzzedRequest of(byte[] data) {
        int first = lineEnd(data, 0);
        int second = lineEnd(data, first + 1);
        String line = new String(data, 0, first, StandardCharsets.ISO_8859_1);
        String type =
                second > first ? new String(data, first + 1, second - first - 1, StandardCharsets.ISO_8859_1) : "";
        int space = line.indexOf(' ');
        String method = space < 0 ? "GET" : line.substring(0, space);
        return new FuzzedRequest(
                METHODS.contains(method) ? method : "GET",
                target(line.substring(space + 1)),
                type.replaceAll("[^\\x20-\\x7e]", "?"),
                Buffer.buffer(Arrays.copyOfRange(data, Math.min(second + 1, data.length), data.length)));
    }

    private static int lineEnd(byte[] data, int from) {
        for (int i = from; i < data.length; i++) {
            if (data[i] == '\n') {
                return i;
            }
        }
        return data.length;
    }

    private static String target(String text) {
        StringBuilder target = new StringBuilder(text.startsWith("/") ? "" : "/");
        for (int i = 0; i < text.length() && target.length() < MAX_TARGET; i++) {
            char c = text.charAt(i);
            if (c > ' ' && c < 0x7f && c != '#') {
                target.append(c);
            } else {
                target.append(String.format("%%%02X", (int) c));
            }
        }
        return target.toString();
    }

    @Override
    public String toString() {
        return method + " " + target + "\n" + contentType + "\n" + body.toString(StandardCharsets.UTF_8);
    }
}
