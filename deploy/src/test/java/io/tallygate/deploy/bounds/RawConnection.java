package io.tallygate.deploy.bounds;

import io.tallygate.deploy.testing.TestGateway;
import io.tallygate.deploy.testing.TestIdentity;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** One connection over TLS, written to and read from byte by byte. */
final class RawConnection implements AutoCloseable {
    private static final int PACE_MILLIS = 50;

    private final SSLSocket socket;
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private boolean cut;

    private RawConnection(SSLSocket socket) {
        this.socket = socket;
    }

    /** To speak HTTP/1.1. */
    static RawConnection http1(TestGateway gateway) {
        return open(gateway, "http/1.1");
    }

    /** To speak HTTP/2. */
    static RawConnection http2(TestGateway gateway) {
        return open(gateway, "h2");
    }

    private static RawConnection open(TestGateway gateway, String protocol) {
        try {
            SSLSocket socket = (SSLSocket) TestIdentity.get()
                    .tls()
                    .getSocketFactory()
                    .createSocket("localhost", gateway.url().getPort());
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {protocol});
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return new RawConnection(socket);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Writes a text; false if the other end has hung up. */
    boolean write(String text) {
        return write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Writes bytes; false if the other end has hung up. */
    boolean write(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
            return true;
        } catch (IOException gone) {
            cut = true;
            return false;
        }
    }

    /** Reads until the other end hangs up, and writes a byte now and then for as long as it does not. */
    RawConnection dripUntilClosed(byte drop) {
        return readUntilClosed(new byte[] {drop});
    }

    /** Reads until the other end hangs up. */
    RawConnection readUntilClosed() {
        return readUntilClosed(new byte[0]);
    }

    private RawConnection readUntilClosed(byte[] drop) {
        byte[] buffer = new byte[1 << 16];
        try {
            socket.setSoTimeout(PACE_MILLIS);
            while (!cut) {
                int count = read(buffer);
                if (count > 0) {
                    received.write(buffer, 0, count);
                } else if (count < 0) {
                    cut = true;
                } else if (drop.length > 0) {
                    write(drop);
                }
            }
            return this;
        } catch (IOException gone) {
            cut = true;
            return this;
        }
    }

    private int read(byte[] buffer) throws IOException {
        try {
            return socket.getInputStream().read(buffer);
        } catch (SocketTimeoutException nothingYet) {
            return 0;
        }
    }

    /** Reads until this text has come. */
    RawConnection readUntil(String text) {
        byte[] buffer = new byte[1 << 16];
        try {
            while (!received().contains(text)) {
                int count = socket.getInputStream().read(buffer);
                if (count < 0) {
                    throw new AssertionError("Closed after " + received());
                }
                received.write(buffer, 0, count);
            }
            return this;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** All that has come, as text. */
    String received() {
        return received.toString(StandardCharsets.ISO_8859_1);
    }

    /** All that has come. */
    byte[] bytes() {
        return received.toByteArray();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
