package io.tallygate.store;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.impl.SocketConnectionBase;
import io.vertx.sqlclient.internal.Connection;
import io.vertx.sqlclient.internal.SqlConnectionInternal;

/** Takes a connection away at once: the client's own close waits in line behind the statement that is not answered. */
final class Disconnection {
    private Disconnection() {}

    /** Closes its socket; the pool makes another. */
    static void cut(SqlConnection connection) {
        Connection inner = ((SqlConnectionInternal) connection).unwrap();
        while (inner != inner.unwrap()) {
            inner = inner.unwrap();
        }
        ((SocketConnectionBase) inner).socket().close();
    }
}
