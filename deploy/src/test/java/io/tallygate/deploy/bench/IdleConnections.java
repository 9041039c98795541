package io.tallygate.deploy.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Connections that ask for nothing, or for something a byte at a time; from several addresses, for one has its bound. */
final class IdleConnections implements AutoCloseable {
    private static final int PER_ADDRESS = 1500;
    private static final byte[] HEAD = ("GET /metadata/endpoints HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
                    + "x".repeat(1000))
            .getBytes(StandardCharsets.US_ASCII);

    private final List<SocketChannel> slow = new ArrayList<>();
    private final List<SocketChannel> idle = new ArrayList<>();
    private int written;

    private IdleConnections() {}

    /** Opens so many that say nothing, and so many that will drip. */
    static IdleConnections open(int port, int silent, int dripping) throws IOException {
        IdleConnections connections = new IdleConnections();
        try {
            for (int i = 0; i < silent + dripping; i++) {
                SocketChannel channel = SocketChannel.open();
                (i < silent ? connections.idle : connections.slow).add(channel);
                channel.bind(new InetSocketAddress(address(i), 0));
                channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            }
            return connections;
        } catch (IOException failed) {
            connections.close();
            throw failed;
        }
    }

    private static InetAddress address(int number) throws IOException {
        return InetAddress.getByAddress(new byte[] {127, 0, 1, (byte) (1 + number / PER_ADDRESS)});
    }

    /** Writes the next byte of each head. */
    void drip() throws IOException {
        for (SocketChannel channel : slow) {
            channel.write(ByteBuffer.wrap(HEAD, written % HEAD.length, 1));
        }
        written++;
    }

    @Override
    public void close() throws IOException {
        for (List<SocketChannel> all : List.of(idle, slow)) {
            for (SocketChannel channel : all) {
                channel.close();
            }
        }
    }
}
