package io.tallygate.gateway.http;

import io.netty.util.NetUtil;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a request comes from, to count by: the other end of the connection; if that is a trusted proxy, the last address
 * in {@code Forwarded} or {@code X-Forwarded-For} that is none. Of IPv6 the first 64 bits: one subscriber has them all.
 */
public final class ClientAddress {
    private static final Pattern FORWARDED_FOR = Pattern.compile("(?i)(?:^|[;,]\\s*)for=\"?([^\";,]+)\"?");
    private static final Pattern PORT = Pattern.compile("(?<=^\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}):\\d+$");
    private static final int IPV6_BYTES = 16;
    private static final int SUBSCRIBER_BYTES = 8;
    // A stranger may name as many as fit into a header.
    private static final int MOST_HOPS = 16;

    private final List<AddressRange> trustedProxies;

    /** Believes the forwarding headers of these: addresses, or ranges as {@code 10.0.0.0/8}. */
    public ClientAddress(List<String> trustedProxies) {
        this.trustedProxies = trustedProxies.stream().map(AddressRange::parse).toList();
    }

    /** The address; empty if there is none, as with a socket of the file system. */
    public String of(HttpServerRequest request) {
        String peer =
                request.remoteAddress() == null ? null : request.remoteAddress().hostAddress();
        return peer == null ? "" : of(peer, request.headers());
    }

    String of(String peer, MultiMap headers) {
        if (!isTrusted(peer)) {
            return subscriber(peer);
        }
        List<String> forwarded = forwarded(headers);
        List<String> xForwardedFor = xForwardedFor(headers);
        String client = forwarded.isEmpty() ? client(peer, xForwardedFor) : client(peer, forwarded);
        // A proxy adds to one of the two and may pass the other on as a stranger wrote it: which one, nobody can tell.
        boolean contradictory =
                !forwarded.isEmpty() && !xForwardedFor.isEmpty() && !client.equals(client(peer, xForwardedFor));
        return subscriber(contradictory ? peer : client);
    }

    // From the nearest hop on. One that is no address hides who is behind it, and what is left of it is anybody's word.
    private String client(String peer, List<String> hops) {
        for (int i = hops.size() - 1; i >= Math.max(0, hops.size() - MOST_HOPS); i--) {
            String hop = hops.get(i);
            if (AddressRange.bytes(hop) == null) {
                return peer;
            }
            if (!isTrusted(hop)) {
                return hop;
            }
        }
        return peer;
    }

    /** Whether the address is that of a trusted proxy. */
    public boolean isTrusted(String address) {
        return trustedProxies.stream().anyMatch(range -> range.contains(address));
    }

    private static List<String> forwarded(MultiMap headers) {
        List<String> hops = new ArrayList<>();
        for (String header : headers.getAll("Forwarded")) {
            Matcher each = FORWARDED_FOR.matcher(header);
            while (each.find()) {
                hops.add(bare(each.group(1)));
            }
        }
        return hops;
    }

    private static List<String> xForwardedFor(MultiMap headers) {
        List<String> hops = new ArrayList<>();
        for (String header : headers.getAll("X-Forwarded-For")) {
            for (String hop : header.split(",", -1)) {
                hops.add(bare(hop));
            }
        }
        return hops;
    }

    // "[2001:db8::1]:4711", "192.0.2.1:4711"
    private static String bare(String hop) {
        String text = hop.trim();
        int bracket = text.indexOf(']');
        return text.startsWith("[") && bracket > 0
                ? text.substring(1, bracket)
                : PORT.matcher(text).replaceFirst("");
    }

    private static String subscriber(String address) {
        byte[] bytes = AddressRange.bytes(address);
        if (bytes == null) {
            return address;
        }
        return bytes.length == IPV6_BYTES
                ? HexFormat.of().formatHex(bytes, 0, SUBSCRIBER_BYTES) + "/64"
                : NetUtil.bytesToIpAddress(bytes);
    }
}
