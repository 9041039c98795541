package io.tallygate.deploy.bounds;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Frames of HTTP/2, written by hand (RFC 9113): what no client would send. */
final class Http2Frames {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int CONTINUATION = 9;
    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;
    static final int ENHANCE_YOUR_CALM = 11;

    private static final int HEAD = 9;
    private static final int GET = 0x82;
    private static final int POST = 0x83;
    private static final int HTTPS = 0x87;
    private static final int AUTHORITY = 1;
    private static final int PATH = 4;
    private static final int AUTHORIZATION = 23;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** The preface with the client's settings. */
    static Http2Frames begin() {
        Http2Frames frames = new Http2Frames();
        frames.out.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return frames.add(SETTINGS, 0, 0);
    }

    /** For a connection that has begun. */
    static Http2Frames more() {
        return new Http2Frames();
    }

    /** One frame more. */
    Http2Frames add(int type, int flags, int stream, byte... payload) {
        out.writeBytes(ByteBuffer.allocate(HEAD)
                .putShort((short) (payload.length >> 8))
                .put((byte) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .array());
        out.writeBytes(payload);
        return this;
    }

    byte[] bytes() {
        return out.toByteArray();
    }

    /** {@code GET https://localhost/metadata/endpoints}, or the same as POST, in HPACK (RFC 7541, appendix A). */
    static byte[] request(boolean post) {
        return head(post ? POST : GET, "/metadata/endpoints").toByteArray();
    }

    /** A POST with a bearer token. */
    static byte[] post(String path, String token) {
        ByteArrayOutputStream head = head(POST, path);
        literal(head, AUTHORIZATION, "Bearer " + token);
        return head.toByteArray();
    }

    /** A GET with a bearer token. */
    static byte[] get(String path, String token) {
        ByteArrayOutputStream head = head(GET, path);
        literal(head, AUTHORIZATION, "Bearer " + token);
        return head.toByteArray();
    }

    private static ByteArrayOutputStream head(int method, String path) {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        head.write(method);
        head.write(HTTPS);
        literal(head, PATH, path);
        literal(head, AUTHORITY, "localhost");
        return head;
    }

    // Without indexing: the index of the name in four bits, the length of the value in seven, and more where they end.
    private static void literal(ByteArrayOutputStream head, int index, String value) {
        number(head, index, 0x0f);
        number(head, value.length(), 0x7f);
        head.writeBytes(value.getBytes(StandardCharsets.US_ASCII));
    }

    private static void number(ByteArrayOutputStream head, int number, int most) {
        if (number < most) {
            head.write(number);
            return;
        }
        head.write(most);
        int rest = number - most;
        for (; rest >= 0x80; rest >>= 7) {
            head.write((rest & 0x7f) | 0x80);
        }
        head.write(rest);
    }

    /** The error codes of the GOAWAY frames among these bytes. */
    static List<Integer> goneAway(byte[] received) {
        List<Integer> codes = new ArrayList<>();
        ByteBuffer bytes = ByteBuffer.wrap(received);
        while (bytes.remaining() >= HEAD) {
            int length = (bytes.getShort() & 0xffff) << 8 | (bytes.get() & 0xff);
            int type = bytes.get();
            bytes.position(bytes.position() + 5);
            if (bytes.remaining() < length) {
                break;
            }
            if (type == GOAWAY) {
                codes.add(bytes.getInt(bytes.position() + 4));
            }
            bytes.position(bytes.position() + length);
        }
        return codes;
    }
}
