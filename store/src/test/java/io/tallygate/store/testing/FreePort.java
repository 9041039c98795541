package io.tallygate.store.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports for servers that must know theirs before they listen, or come back on the same one. Whatever else goes on takes
 * none of them meanwhile: they are below those that systems give to clients, and to servers that ask for any, and each of
 * the test processes that run at the same time has its own.
 */
public final class FreePort {
    // Linux gives ports from 32768 on, other systems from 49152 on; the demo takes those up to 29999.
    private static final int FIRST = 30_000;
    private static final int PROCESSES = 4;
    private static final int EACH = 650;
    private static final int PROCESS = Integer.getInteger("tallygate.test.process", 1) % PROCESSES;
    // Another build on this machine begins somewhere else.
    private static final AtomicInteger NEXT =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(EACH));

    private FreePort() {}

    /** One that nobody listens on, and that was not given before. */
    public static int next() {
        for (int i = 0; i < EACH; i++) {
            int port = FIRST + PROCESS * EACH + NEXT.getAndIncrement() % EACH;
            if (isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException("All " + EACH + " ports from " + (FIRST + PROCESS * EACH) + " on are in use");
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
