package io.tallygate.store;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.sqlclient.SqlConnection;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads for a tenant: as the tenant role and with the tenant's id, for one transaction, which cannot write. */
final class TenantReads {
    private static final Logger LOG = LoggerFactory.getLogger(TenantReads.class);

    private final String begin;

    TenantReads(RoleNames roles) {
        begin = "begin transaction read only; set local role " + Migrations.quoted(roles.tenant())
                + "; set local tallygate.tenant = ";
    }

    /**
     * Does the work behind the wall.
     *
     * @param told completed with what was read as soon as it is; the transaction is over when the returned future is
     */
    <T> Future<Void> read(
            Viewer.OfTenant viewer,
            SqlConnection connection,
            Function<SqlConnection, Future<T>> work,
            Promise<T> told) {
        Future<Void> begun =
                connection.query(begin + "'" + viewer.tenant() + "'").execute().mapEmpty();
        // Asked without waiting for the wall, which is first in the connection's queue; but nobody is told what came of
        // it
        // if the wall did not come up.
        Future<T> answer = Future.succeededFuture(connection).compose(work);
        return begun.compose(up -> answer)
                .onSuccess(told::tryComplete)
                .<Void>compose(
                        read -> end(connection, "commit"),
                        failure -> end(connection, "rollback").transform(ended -> Future.failedFuture(failure)));
    }

    // A transaction that did not end would meet the connection's next user, role and tenant included.
    private static Future<Void> end(SqlConnection connection, String how) {
        return connection.query(how).execute().<Void>mapEmpty().onFailure(failure -> {
            if (!StoreFailure.isDeadConnection(failure)) {
                LOG.warn("Could not end a transaction: closing the connection", failure);
                PgSocket.cut(connection);
            }
        });
    }
}
