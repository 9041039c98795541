package io.tallygate.gateway.http;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The address under which the client sees this gateway: links lead there. The Host header says it; a trusted proxy may
 * say otherwise by {@code Forwarded} or {@code X-Forwarded-Host}, nobody else.
 */
public final class PublicAddress {
    private static final Pattern FORWARDED_HOST = Pattern.compile("(?i)(?:^|[;,]\\s*)host=\"?([^\";,]+)\"?");
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._\\-\\[\\]:]{1,255}");

    private final List<AddressRange> trustedProxies;

    /** Believes the forwarding headers of these: addresses, or ranges as {@code 10.0.0.0/8}. */
    public PublicAddress(List<String> trustedProxies) {
        this.trustedProxies = trustedProxies.stream().map(AddressRange::parse).toList();
    }

    /** {@code https://host[:port]}, always https: clients refuse to follow a link to anything else with a token. */
    public String of(HttpServerRequest request) {
        return "https://" + forwardedHost(request).orElseGet(() -> host(request));
    }

    private static String host(HttpServerRequest request) {
        HostAndPort authority = request.authority();
        return authority == null ? "localhost" : authority.toString();
    }

    private Optional<String> forwardedHost(HttpServerRequest request) {
        if (trustedProxies.isEmpty() || request.remoteAddress() == null || !isTrusted(request)) {
            return Optional.empty();
        }
        String forwarded = request.getHeader("Forwarded");
        if (forwarded != null) {
            Matcher host = FORWARDED_HOST.matcher(forwarded);
            return host.find() ? Optional.of(host.group(1)).filter(PublicAddress::isHost) : Optional.empty();
        }
        return Optional.ofNullable(request.getHeader("X-Forwarded-Host"))
                .map(hosts -> hosts.split(",", 2)[0].trim())
                .filter(PublicAddress::isHost);
    }

    private boolean isTrusted(HttpServerRequest request) {
        String address = request.remoteAddress().hostAddress();
        return address != null && trustedProxies.stream().anyMatch(range -> range.contains(address));
    }

    private static boolean isHost(String host) {
        return HOST.matcher(host).matches();
    }
}
