package io.tallygate.gateway.portal;

import io.tallygate.store.Sha256;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * The portal's files, all in memory, zipped once: a path is a name among them or nothing. The page itself is asked for anew
 * each time; what it refers to by {@code "./…"} gets an address with the version of them all in it, and need never be asked for
 * again.
 */
public final class PortalFiles {
    private static final String ROOT = "/portal";
    private static final String INDEX = "index.html";
    private static final String VERSIONED = "~";
    private static final int VERSION_BYTES = 8;
    private static final int TAG_BYTES = 12;
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                    + " connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    private static final String FOR_EVER = "public, max-age=31536000, immutable";
    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("html", "text/html; charset=utf-8"),
            Map.entry("js", "text/javascript; charset=utf-8"),
            Map.entry("css", "text/css; charset=utf-8"),
            Map.entry("json", "application/json; charset=utf-8"),
            Map.entry("txt", "text/plain; charset=utf-8"),
            Map.entry("svg", "image/svg+xml"),
            Map.entry("png", "image/png"),
            Map.entry("ico", "image/x-icon"),
            Map.entry("webmanifest", "application/manifest+json"),
            Map.entry("woff2", "font/woff2"));

    private final String version;
    private final Map<String, File> files = new HashMap<>();

    /** One file; {@code zipped} is null where that saves nothing. */
    private record File(String type, Buffer plain, Buffer zipped, String tag) {}

    /**
     * Takes these files.
     *
     * @param contents by name, as {@code css/portal.css}; {@code index.html} must be among them
     * @throws IllegalArgumentException if one has a name whose type is not known
     */
    public PortalFiles(Map<String, byte[]> contents) {
        Map<String, byte[]> sorted = new TreeMap<>(contents);
        MessageDigest all = Sha256.begin();
        sorted.forEach((name, content) -> {
            all.update(name.getBytes(StandardCharsets.UTF_8));
            all.update(Sha256.begin().digest(content));
        });
        version = HexFormat.of().formatHex(Arrays.copyOf(all.digest(), VERSION_BYTES));
        sorted.forEach((name, content) -> files.put(name, file(name, content)));
        files.put(INDEX, file(INDEX, page(sorted)));
    }

    private File file(String name, byte[] content) {
        String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        if (type == null) {
            throw new IllegalArgumentException("The portal's " + name + " is of no known type");
        }
        byte[] zipped = zip(content);
        String tag = HexFormat.of().formatHex(Arrays.copyOf(Sha256.begin().digest(content), TAG_BYTES));
        return new File(
                type, Buffer.buffer(content), zipped.length < content.length ? Buffer.buffer(zipped) : null, tag);
    }

    private byte[] page(Map<String, byte[]> contents) {
        byte[] page = contents.get(INDEX);
        if (page == null) {
            throw new IllegalArgumentException("The portal has no " + INDEX);
        }
        return new ModuleGraph(contents)
                .preloading(new String(page, StandardCharsets.UTF_8))
                .replace("=\"./", "=\"" + ROOT + "/" + VERSIONED + version + "/")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** Answers a GET or HEAD below {@code /portal}, or goes on if there is no such file. */
    void serve(RoutingContext ctx) {
        HttpMethod method = ctx.request().method();
        if (!method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD)) {
            ctx.next();
            return;
        }
        String path = ctx.request().path();
        if (path.equals(ROOT)) {
            ctx.response()
                    .setStatusCode(308)
                    .putHeader(HttpHeaders.LOCATION, ROOT + "/")
                    .end();
            return;
        }
        String name = path.substring(Math.min(path.length(), ROOT.length() + 1));
        boolean pinned = name.startsWith(VERSIONED + version + "/");
        // Of another version, as while gateways are updated one after the other: then the file of this one has to do.
        File file = files.get(named(name));
        if (file == null) {
            ctx.next();
        } else {
            send(ctx.request(), file, pinned);
        }
    }

    private static String named(String path) {
        String name = path.startsWith(VERSIONED) ? path.substring(path.indexOf('/') + 1) : path;
        return name.isEmpty() ? INDEX : name;
    }

    private static void send(HttpServerRequest request, File file, boolean pinned) {
        boolean zipped = file.zipped() != null && takesGzip(request);
        Buffer body = zipped ? file.zipped() : file.plain();
        String tag = "\"" + file.tag() + (zipped ? "-gzip" : "") + "\"";
        HttpServerResponse response = request.response()
                .putHeader(HttpHeaders.CACHE_CONTROL, pinned ? FOR_EVER : "no-cache")
                .putHeader(HttpHeaders.ETAG, tag)
                .putHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING)
                .putHeader("Content-Security-Policy", POLICY)
                .putHeader("Cross-Origin-Opener-Policy", "same-origin")
                .putHeader("Cross-Origin-Resource-Policy", "same-origin");
        if (isKnown(request.getHeader(HttpHeaders.IF_NONE_MATCH), file.tag())) {
            response.setStatusCode(304).end();
            return;
        }
        response.putHeader(HttpHeaders.CONTENT_TYPE, file.type());
        // Said even where it is none: so the server does not zip once more.
        response.putHeader(HttpHeaders.CONTENT_ENCODING, zipped ? "gzip" : "identity");
        if (request.method().equals(HttpMethod.HEAD)) {
            response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length()))
                    .end();
        } else {
            response.end(body);
        }
    }

    private static boolean isKnown(String tags, String tag) {
        return tags != null && (tags.contains("\"" + tag + "\"") || tags.contains("\"" + tag + "-gzip\""));
    }

    private static boolean takesGzip(HttpServerRequest request) {
        String accepted = request.getHeader(HttpHeaders.ACCEPT_ENCODING);
        return accepted != null
                && Arrays.stream(accepted.split(",", -1))
                        .map(String::strip)
                        .anyMatch(coding -> coding.equals("gzip")
                                || (coding.startsWith("gzip;") && !coding.matches("gzip;\\s*q=0(\\.0*)?")));
    }

    private static byte[] zip(byte[] content) {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(zipped) {
            {
                def.setLevel(Deflater.BEST_COMPRESSION);
            }
        }) {
            gzip.write(content);
        } catch (IOException impossible) {
            throw new UncheckedIOException("Writing into memory", impossible);
        }
        return zipped.toByteArray();
    }
}
