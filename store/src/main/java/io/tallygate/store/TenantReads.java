package io.tallygate.store;

import io.vertx.core.Future;
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

    /** Does the work behind the wall; the transaction is over when the future is. */
    <T> Future<T> read(Viewer.OfTenant viewer, SqlConnection connection, Function<SqlConnection, Future<T>> work) {
        // All of it in one message, and only then the work: whatever of it fails, nothing is read without the wall.
        return connection
                .query(begin + "'" + viewer.tenant() + "'")
                .execute()
                .compose(begun -> work.apply(connection))
                .compose(
                        result -> end(connection, "commit").map(result),
                        failure -> end(connection, "rollback").transform(ended -> Future.failedFuture(failure)));
    }

    // A transaction that did not end would meet the connection's next user, role and tenant included.
    private static Future<Void> end(SqlConnection connection, String how) {
        return connection.query(how).execute().<Void>mapEmpty().onFailure(failure -> {
            if (!StoreFailure.isDeadConnection(failure)) {
                LOG.warn("Could not end a transaction: closing the connection", failure);
                Disconnection.cut(connection);
            }
        });
    }
}
