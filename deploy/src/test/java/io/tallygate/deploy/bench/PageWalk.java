package io.tallygate.deploy.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Follows {@code nextLink} from page to page, as clients do, to find the links of certain pages. */
final class PageWalk {
    private static final String LINK = "\"nextLink\":\"";
    private static final int TAIL = 4096;

    private final HttpClient client = HttpClient.newHttpClient();
    private final String token;

    /** As the caller of this token. */
    PageWalk(String token) {
        this.token = token;
    }

    /** The links of those of these pages that are there, by their number from 1, and of the last page. */
    SortedMap<Integer, String> links(String first, Set<Integer> wanted) throws IOException {
        SortedMap<Integer, String> links = new TreeMap<>();
        String link = first;
        int number = 1;
        while (true) {
            if (wanted.contains(number)) {
                links.put(number, link);
            }
            String next = next(link);
            if (next == null) {
                links.put(number, link);
                return links;
            }
            link = here(first, next);
            number++;
        }
    }

    // A gateway without TLS of its own takes it that a proxy before it has.
    private static String here(String first, String link) {
        URI wanted = URI.create(link);
        URI known = URI.create(first);
        return known.getScheme() + "://" + known.getAuthority() + wanted.getRawPath() + "?" + wanted.getRawQuery();
    }

    private String next(String link) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(link))
                .header("Authorization", "Bearer " + token)
                .build();
        try {
            HttpResponse<InputStream> response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            byte[] body = response.body().readAllBytes();
            if (response.statusCode() != 200) {
                throw new IOException(
                        link + " answered " + response.statusCode() + ": " + new String(body, StandardCharsets.UTF_8));
            }
            // The link is the last member.
            int from = Math.max(0, body.length - TAIL);
            String tail = new String(body, from, body.length - from, StandardCharsets.UTF_8);
            int at = tail.lastIndexOf(LINK);
            return at < 0 ? null : tail.substring(at + LINK.length(), tail.lastIndexOf('"'));
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }
}
