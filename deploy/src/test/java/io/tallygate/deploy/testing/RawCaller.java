package io.tallygate.deploy.testing;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/** Sends requests byte by byte over TLS and HTTP/1.1: whatever Java's own client would refuse to send. */
public final class RawCaller {
    private final URI gateway;
    private final String token;

    /** A caller with this token; null for none. */
    public RawCaller(TestGateway gateway, String token) {
        this.gateway = gateway.url();
        this.token = token;
    }

    /** An answer: its status, its header lines and its body without transfer coding. */
    public record Answer(int status, List<String> headers, Buffer bytes) {
        /** The value of a header that is there once at the most. */
        public Optional<String> header(String name) {
            String start = name.toLowerCase(Locale.ROOT) + ":";
            return headers.stream()
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(start))
                    .map(line -> line.substring(start.length()).trim())
                    .reduce((one, other) -> {
                        throw new AssertionError(name + " is there twice: " + one + ", " + other);
                    });
        }

        /** The body as text. */
        public String body() {
            return bytes.toString();
        }

        /** The body after gzip. */
        public String unzipped() {
            try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes.getBytes()))) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            }
        }
    }

    /** A request with the gateway's own Host; more headers as whole lines. */
    public Answer send(String method, String target, String... headers) {
        return sendTo(gateway.getHost() + ":" + gateway.getPort(), method, target, headers);
    }

    /** A request with any Host. */
    public Answer sendTo(String host, String method, String target, String... headers) {
        StringBuilder head = new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: " + host + "\r\n");
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        if (token != null) {
            head.append("Authorization: Bearer ").append(token).append("\r\n");
        }
        head.append("Connection: close\r\n\r\n");
        return exchange(head.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Posts bytes as they are. */
    public Answer post(String target, String contentType, byte[] body) {
        byte[] head = ("POST " + target + " HTTP/1.1\r\nHost: " + gateway.getHost() + ":" + gateway.getPort()
                        + "\r\nContent-Type: " + contentType + "\r\nContent-Length: " + body.length
                        + "\r\nAuthorization: Bearer " + token + "\r\nConnection: close\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8);
        byte[] request = Arrays.copyOf(head, head.length + body.length);
        System.arraycopy(body, 0, request, head.length, body.length);
        return exchange(request);
    }

    /** Sends these bytes, which ask for the connection to be closed, and reads to the end. */
    public Answer exchange(byte[] request) {
        try (Socket socket =
                TestIdentity.get().tls().getSocketFactory().createSocket(gateway.getHost(), gateway.getPort())) {
            OutputStream out = socket.getOutputStream();
            out.write(request);
            out.flush();
            return parse(socket.getInputStream().readAllBytes());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static Answer parse(byte[] all) {
        String text = new String(all, StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        if (end < 0) {
            throw new AssertionError("No answer: " + text);
        }
        List<String> lines = text.substring(0, end).lines().toList();
        int status = Integer.parseInt(lines.get(0).split(" ", 3)[1]);
        byte[] body = text.substring(end + 4).getBytes(StandardCharsets.ISO_8859_1);
        List<String> headers = lines.subList(1, lines.size());
        boolean chunked = headers.stream().anyMatch(line -> line.equalsIgnoreCase("transfer-encoding: chunked"));
        return new Answer(status, headers, Buffer.buffer(chunked ? unchunk(body) : body));
    }

    private static byte[] unchunk(byte[] body) {
        String text = new String(body, StandardCharsets.ISO_8859_1);
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        int at = 0;
        while (at < text.length()) {
            int line = text.indexOf("\r\n", at);
            int size = Integer.parseInt(text.substring(at, line), 16);
            if (size == 0) {
                return whole.toByteArray();
            }
            whole.write(body, line + 2, size);
            at = line + 2 + size + 2;
        }
        throw new AssertionError("The last chunk is missing");
    }
}
