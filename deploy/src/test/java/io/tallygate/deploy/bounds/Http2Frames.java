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
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        head.write(post ? 0x83 : 0x82);
        head.write(0x87);
        literal(head, 0x04, "/metadata/endpoints");
        literal(head, 0x01, "localhost");
        return head.toByteArray();
    }

    private static void literal(ByteArrayOutputStream head, int index, String value) {
        head.write(index);
        head.write(value.length());
        head.writeBytes(value.getBytes(StandardCharsets.US_ASCII));
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
