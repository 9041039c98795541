package io.tallygate.gateway.portal;

import io.tallygate.gateway.http.Cookies;
import io.tallygate.gateway.http.PublicAddress;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.util.List;
import java.util.Set;

/**
 * The portal's cookies, and under which address a browser sees the portal. Their names begin with {@code __Host-}, so that only
 * this very host sets them, over TLS and for all paths; but on a developer's own machine without TLS browsers would not take that.
 */
final class PortalCookies {
    /** The session's. */
    static final String SESSION = "tallygate";
    /** What is kept while somebody signs in. */
    static final String SIGN_IN = "tallygate-signin";

    private static final String HOST_ONLY = "__Host-";
    private static final String PLAIN_SESSION = "tallygate-session";
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]", "::1");
    private static final List<String> FORWARDING = List.of("Forwarded", "X-Forwarded-Host", "X-Forwarded-Proto");

    private final PublicAddress address;

    PortalCookies(PublicAddress address) {
        this.address = address;
    }

    /** {@code https://host[:port]}; {@code http} only on the own machine without TLS. */
    String origin(HttpServerRequest request) {
        String secure = address.of(request);
        return isPlain(request) ? "http" + secure.substring("https".length()) : secure;
    }

    /** The values of a cookie. */
    List<String> values(HttpServerRequest request, String cookie) {
        return Cookies.values(request, name(request, cookie));
    }

    /** Sets a cookie until the browser is closed. */
    void set(HttpServerRequest request, String cookie, String value) {
        add(request, cookie, value, "");
    }

    /** Sets a cookie for some seconds. */
    void set(HttpServerRequest request, String cookie, String value, long seconds) {
        add(request, cookie, value, "; Max-Age=" + seconds);
    }

    /** Has the browser forget a cookie. */
    void clear(HttpServerRequest request, String cookie) {
        add(request, cookie, "", "; Max-Age=0");
    }

    private static void add(HttpServerRequest request, String cookie, String value, String age) {
        String header = name(request, cookie) + "=" + value + age + "; Path=/; HttpOnly; SameSite=Lax"
                + (isPlain(request) ? "" : "; Secure");
        request.response().headers().add("Set-Cookie", header);
    }

    private static String name(HttpServerRequest request, String cookie) {
        if (!isPlain(request)) {
            return HOST_ONLY + cookie;
        }
        return cookie.equals(SESSION) ? PLAIN_SESSION : cookie;
    }

    // Behind what ends TLS the browser's side has TLS.
    private static boolean isPlain(HttpServerRequest request) {
        HostAndPort authority = request.authority();
        return !request.isSSL()
                && authority != null
                && LOOPBACK.contains(authority.host())
                && FORWARDING.stream().noneMatch(request.headers()::contains);
    }
}
