package io.tallygate.gateway.http;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * Watches over the connections of one server, on its event loop: closes those that are one too many, those that take too
 * long to bring their first request, and those that bring none for four times as long. A timeout between two bytes would
 * not do: a head of a byte a second would hold its connection for ever.
 */
public final class ConnectionGuard {
    private static final int KEPT = 4;
    private static final int FEW = 2;

    private final Vertx vertx;
    private final Connections connections;
    private final Map<HttpConnection, Guarded> open = new HashMap<>();

    /** Counts with all others of the process. */
    public ConnectionGuard(Vertx vertx, Connections connections) {
        this.vertx = vertx;
        this.connections = connections;
    }

    /** A connection was opened. */
    public void opened(HttpConnection connection) {
        String address = connection.remoteAddress() == null
                ? ""
                : String.valueOf(connection.remoteAddress().hostAddress());
        if (!connections.begin(address)) {
            connection.close();
            return;
        }
        Guarded guarded = new Guarded(connection);
        open.put(connection, guarded);
        connection.closeHandler(closed -> {
            open.remove(connection);
            vertx.cancelTimer(guarded.timer);
            connections.end(address);
        });
    }

    /** A request has come, head and all. */
    public void began(HttpServerRequest request) {
        Guarded guarded = open.get(request.connection());
        if (guarded != null) {
            guarded.began(request);
        }
    }

    /** Whether every request that came over the connection is answered. */
    public boolean isAnswered(HttpConnection connection) {
        Guarded guarded = open.get(connection);
        return guarded == null || guarded.isAnswered();
    }

    private final class Guarded {
        private final HttpConnection connection;
        private final Deque<HttpServerRequest> requests = new ArrayDeque<>();
        private final long timer;
        private int tooMany = FEW;
        private boolean used;
        private int idle;

        Guarded(HttpConnection connection) {
            this.connection = connection;
            timer = vertx.setPeriodic(connections.config().headTimeout().toMillis(), passed -> look());
        }

        void began(HttpServerRequest request) {
            used = true;
            idle = 0;
            // Not at each of a hundred streams; but a request that is kept is some kilobytes, on each of many
            // connections.
            if (requests.size() >= tooMany) {
                forgetAnswered();
                tooMany = Math.max(FEW, 2 * requests.size());
            }
            requests.add(request);
        }

        boolean isAnswered() {
            forgetAnswered();
            return requests.isEmpty();
        }

        private void look() {
            if (!isAnswered()) {
                idle = 0;
            } else if (++idle >= (used ? KEPT : 1)) {
                connection.close();
            }
        }

        private void forgetAnswered() {
            requests.removeIf(
                    request -> request.response().ended() || request.response().closed());
        }
    }
}
