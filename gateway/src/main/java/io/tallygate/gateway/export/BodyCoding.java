package io.tallygate.gateway.export;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.ParsedHeaderValue;
import io.vertx.ext.web.RoutingContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/**
 * How a stream's bytes are coded on their way: by gzip if the client takes it, else not at all. The server's own
 * compression is kept away from streams: over HTTP/2 it never ends a body that trailers follow.
 */
public final class BodyCoding {
    /** A seventh of the bytes for little work: higher levels save a few more and cost many times as much. */
    public static final int LEVEL = 1;

    private static final String GZIP = "gzip";

    private final ByteArrayOutputStream coded = new ByteArrayOutputStream();
    private final boolean zipped;
    private GZIPOutputStream gzip;

    private BodyCoding(boolean zipped) {
        this.zipped = zipped;
    }

    /** The one that a request asks for by {@code Accept-Encoding}. */
    public static BodyCoding of(RoutingContext ctx) {
        return new BodyCoding(takesGzip(ctx.parsedHeaders().acceptEncoding()));
    }

    /** Bytes as they are. */
    static BodyCoding none() {
        return new BodyCoding(false);
    }

    private static boolean takesGzip(List<ParsedHeaderValue> accepted) {
        return accepted.stream()
                .filter(coding -> isGzip(coding.value()))
                .findFirst()
                .or(() -> accepted.stream()
                        .filter(coding -> coding.value().equals("*"))
                        .findFirst())
                .map(coding -> coding.weight() > 0)
                .orElse(false);
    }

    private static boolean isGzip(String coding) {
        return coding.equalsIgnoreCase(GZIP) || coding.equalsIgnoreCase("x-gzip");
    }

    void begin(HttpServerResponse response) {
        if (zipped) {
            response.putHeader(HttpHeaders.CONTENT_ENCODING, GZIP);
        } else {
            keepServerAway(response, response.headers());
        }
    }

    void trailers(HttpServerResponse response) {
        keepServerAway(response, response.trailers());
    }

    // Vert.x takes "identity" away again; over HTTP/2 it would take the trailers for a head, too.
    private static void keepServerAway(HttpServerResponse response, MultiMap headers) {
        if (response.streamId() >= 0) {
            headers.set(HttpHeaders.CONTENT_ENCODING, HttpHeaders.IDENTITY);
        }
    }

    Buffer piece(Buffer bytes) {
        if (!zipped) {
            return bytes;
        }
        write(bytes);
        return taken();
    }

    Buffer last(Buffer bytes) {
        if (!zipped) {
            return bytes;
        }
        write(bytes);
        close();
        return taken();
    }

    // Its memory is not on the heap: it is given back at once.
    void close() {
        try {
            if (gzip != null) {
                gzip.close();
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException("Writing into memory", impossible);
        }
    }

    private void write(Buffer bytes) {
        try {
            if (gzip == null) {
                gzip = gzipInto(coded);
            }
            gzip.write(bytes.getBytes());
        } catch (IOException impossible) {
            throw new UncheckedIOException("Writing into memory", impossible);
        }
    }

    private Buffer taken() {
        Buffer taken = Buffer.buffer(coded.toByteArray());
        coded.reset();
        return taken;
    }

    private static GZIPOutputStream gzipInto(ByteArrayOutputStream coded) {
        try {
            return new GZIPOutputStream(coded, 8 << 10) {
                {
                    def.setLevel(LEVEL);
                }
            };
        } catch (IOException impossible) {
            throw new UncheckedIOException("Writing into memory", impossible);
        }
    }
}
