package io.tallygate.store;

import io.netty.handler.timeout.IdleStateHandler;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetClientOptions;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.impl.SocketConnectionBase;
import io.vertx.sqlclient.internal.Connection;
import io.vertx.sqlclient.internal.SqlConnectionInternal;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** What is done to the socket below a connection, since the client offers no way to do it. */
final class PgSocket {
    private PgSocket() {}

    /**
     * Closes sockets that hear nothing for this long while they are made. The client waits for ever for a server that
     * takes the socket and then says nothing; a few of those would be the whole pool.
     */
    static NetClientOptions openedWithin(NetClientOptions options, Duration limit) {
        return options.setConnectTimeout((int) limit.toMillis())
                .setReadIdleTimeout((int) limit.toMillis())
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS);
    }

    /** Ends the time of {@link #openedWithin}: from here on a connection may be idle. */
    static void opened(SqlConnection connection) {
        socket(connection).channelHandlerContext().pipeline().remove(IdleStateHandler.class);
    }

    /** Takes a connection away at once: the client's own close waits in line behind the statement that is not answered. */
    static void cut(SqlConnection connection) {
        socket(connection).close();
    }

    private static NetSocketInternal socket(SqlConnection connection) {
        Connection inner = ((SqlConnectionInternal) connection).unwrap();
        while (inner != inner.unwrap()) {
            inner = inner.unwrap();
        }
        return ((SocketConnectionBase) inner).socket();
    }
}
