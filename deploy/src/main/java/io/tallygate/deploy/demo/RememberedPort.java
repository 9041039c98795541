package io.tallygate.deploy.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;

/** A TCP port that stays the same from start to start for as long as nobody else takes it. */
final class RememberedPort {
    // Not of those that systems give to clients, and to servers that ask for any: those are soon somebody else's.
    private static final int FIRST = 20_000;
    private static final int END = 30_000;
    private static final int ATTEMPTS = 1_000;

    private RememberedPort() {}

    /** The port remembered in the file if it is free, else a free one, which is remembered from now on. */
    static int choose(Path file) throws IOException {
        if (Files.exists(file)) {
            int remembered = read(file);
            if (isFree(remembered)) {
                return remembered;
            }
        }
        int port = free();
        PrivateFile.write(file, port + "\n");
        return port;
    }

    /** The port in the file. */
    static int read(Path file) throws IOException {
        String text = Files.readString(file, StandardCharsets.UTF_8).strip();
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IOException(file + " should hold a port number, but holds: " + text, e);
        }
    }

    /** Whether a server could listen on this port of the loopback address now. */
    static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            // As servers do: connections of a server that has just stopped do not count.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    private static int free() throws IOException {
        return ThreadLocalRandom.current()
                .ints(ATTEMPTS, FIRST, END)
                .filter(RememberedPort::isFree)
                .findFirst()
                .orElseThrow(() -> new IOException("No port of " + FIRST + " to " + (END - 1) + " is free"));
    }
}
