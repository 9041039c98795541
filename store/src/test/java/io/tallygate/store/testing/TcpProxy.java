package io.tallygate.store.testing;

import static io.tallygate.store.testing.Await.await;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Stands between a client and a server, and misbehaves on demand: it can lose Postgres' answer to a COMMIT, cut an
 * answer short, fall silent with its connections open, or go away for a while.
 */
public final class TcpProxy implements AutoCloseable {
    // CommandComplete with the tag COMMIT: type, length, text, NUL.
    private static final String COMMITTED = "C\0\0\0\13COMMIT\0";

    private final NetServer server;
    private final NetClient client;
    private final String host;
    private final int target;
    private final AtomicInteger commitsToLose = new AtomicInteger();
    private final AtomicInteger lost = new AtomicInteger();
    private final AtomicLong bytesToPass = new AtomicLong(Long.MAX_VALUE);
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicLong answered = new AtomicLong();
    private volatile long answersUntilAway = Long.MAX_VALUE;
    private volatile boolean away;
    private volatile boolean silent;

    private record Link(NetSocket client, NetSocket server) {
        void cut() {
            client.close();
            server.close();
        }
    }

    /** Between a free port and this one, both of localhost. */
    public TcpProxy(Vertx vertx, int target) {
        this(vertx, "localhost", target);
    }

    /** Between a free port of localhost and the server of this database. */
    public TcpProxy(Vertx vertx, TestPostgres postgres) {
        this(vertx, postgres.host(), postgres.port());
    }

    private TcpProxy(Vertx vertx, String host, int target) {
        this.host = host;
        this.target = target;
        this.client = vertx.createNetClient();
        this.server = vertx.createNetServer().connectHandler(this::accept);
        await(server.listen(0, "localhost"));
    }

    /** Where clients connect. */
    public int port() {
        return server.actualPort();
    }

    /** Loses the answers to the next COMMITs, each with its connection. */
    public void loseCommits(int count) {
        commitsToLose.set(count);
    }

    /** How many were lost so far. */
    public int lostCommits() {
        return lost.get();
    }

    /** Passes nothing on any more, on old connections and new ones, and closes none of them. */
    public void fallSilent() {
        silent = true;
    }

    /** Goes away, with all its connections, once it has passed on so many more bytes of answers. */
    public void goAwayAfter(long bytes) {
        answered.set(0);
        refused.set(0);
        answersUntilAway = bytes;
    }

    /** How many connections it refused since it was told to go away. */
    public int refused() {
        return refused.get();
    }

    /** Serves new connections again; those that fell silent stay so for ever. */
    public void heal() {
        answersUntilAway = Long.MAX_VALUE;
        away = false;
        if (silent) {
            links.clear();
            silent = false;
        }
    }

    /** Cuts the connection on which so many more bytes of answers have come, once. */
    public void cutAfter(long bytes) {
        bytesToPass.set(bytes);
    }

    /** Cuts all connections. */
    public void cut() {
        links.forEach(Link::cut);
        links.clear();
    }

    @Override
    public void close() {
        await(server.close());
        await(client.close());
    }

    private void accept(NetSocket from) {
        from.pause();
        if (silent) {
            return; // Read by nobody, closed by nobody.
        }
        if (away) {
            refused.incrementAndGet();
            from.close();
            return;
        }
        client.connect(target, host).onSuccess(to -> pass(from, to)).onFailure(refused -> from.close());
    }

    private void pass(NetSocket from, NetSocket to) {
        Link link = new Link(from, to);
        links.add(link);
        from.handler(sent -> forward(link, to, sent));
        to.handler(answer -> {
            if (answer.toString(StandardCharsets.ISO_8859_1).contains(COMMITTED)
                    && commitsToLose.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                lost.incrementAndGet();
                link.cut();
            } else if (bytesToPass.addAndGet(-answer.length()) < 0) {
                bytesToPass.set(Long.MAX_VALUE);
                link.cut();
            } else if (answered.addAndGet(answer.length()) > answersUntilAway) {
                away = true;
                cut();
            } else {
                forward(link, from, answer);
            }
        });
        from.closeHandler(closed -> to.close());
        to.closeHandler(closed -> from.close());
        from.exceptionHandler(broken -> to.close());
        to.exceptionHandler(broken -> from.close());
        from.resume();
    }

    // What was once silent has lost bytes: it must not go on.
    private void forward(Link link, NetSocket to, Buffer bytes) {
        if (!silent && links.contains(link)) {
            to.write(bytes);
        }
    }
}
