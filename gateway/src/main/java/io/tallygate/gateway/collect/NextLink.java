package io.tallygate.gateway.collect;

import io.tallygate.gateway.collect.SourceException.Kind;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Where the {@code nextLink} of a page leads: it may be absolute, relative, or the continuation token alone. It must not
 * lead to another origin, for our token goes with it.
 */
final class NextLink {
    private static final int MAX_LENGTH = 16_384;
    private static final Pattern ABSOLUTE = Pattern.compile("(?i)[a-z][a-z0-9+.-]*://.*", Pattern.DOTALL);
    // What no URI may hold, though links in answers do.
    private static final String UNWISE = " \"<>\\^`{|}";
    private static final int HTTPS_PORT = 443;
    private static final int HTTP_PORT = 80;

    private NextLink() {}

    /**
     * The address of the next page.
     *
     * @param first that of the first page: it has a query
     * @param asked that of the page on which the link is
     * @throws SourceException Malformed
     */
    static URI resolve(URI first, URI asked, String link) {
        if (link.length() > MAX_LENGTH) {
            throw malformed("is longer than " + MAX_LENGTH + " characters");
        }
        URI next = ownScheme(first, address(first, asked, link));
        if (next.getRawUserInfo() != null
                || next.getRawFragment() != null
                || !origin(next).equals(origin(first))) {
            throw malformed("leads to " + origin(next) + ", expected a link within " + origin(first));
        }
        if (next.equals(first) || next.equals(asked)) {
            throw malformed("leads back to a page that was there before");
        }
        return next;
    }

    private static URI address(URI first, URI asked, String link) {
        if (ABSOLUTE.matcher(link).matches()) {
            return uri(link);
        }
        if (link.startsWith("?")) {
            // Java resolves these as an older RFC says, which drops the last segment of the path.
            return uri(asked.toString().replaceFirst("\\?.*", "") + link);
        }
        if (link.startsWith("/") || link.contains("?")) {
            return asked.resolve(uri(link));
        }
        return uri(first + "&continuationToken=" + URLEncoder.encode(link, StandardCharsets.UTF_8));
    }

    // Whoever is asked without TLS, behind something that ends it, still writes links for those in front of that.
    private static URI ownScheme(URI first, URI next) {
        boolean upgraded = "http".equalsIgnoreCase(first.getScheme())
                && "https".equalsIgnoreCase(next.getScheme())
                && first.getRawAuthority().equalsIgnoreCase(next.getRawAuthority());
        return upgraded ? uri(next.toString().replaceFirst("(?i)\\Ahttps:", "http:")) : next;
    }

    private static URI uri(String link) {
        try {
            return new URI(encoded(link));
        } catch (URISyntaxException broken) {
            throw malformed("is no URI: " + broken.getReason());
        }
    }

    private static String encoded(String link) {
        StringBuilder encoded = new StringBuilder(link.length());
        link.codePoints().forEach(c -> {
            if (Character.isISOControl(c)) {
                throw malformed("holds a control character");
            }
            String text = Character.toString(c);
            encoded.append(
                    c > '~' || UNWISE.indexOf(c) >= 0
                            ? URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20")
                            : text);
        });
        return encoded.toString();
    }

    private static String origin(URI uri) {
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        int usual = "http".equals(scheme) ? HTTP_PORT : HTTPS_PORT;
        return scheme + "://" + String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT) + ":"
                + (uri.getPort() < 0 ? usual : uri.getPort());
    }

    private static SourceException malformed(String what) {
        return new SourceException(Kind.Malformed, "nextLink " + what);
    }
}
