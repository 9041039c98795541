package io.tallygate.store;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.function.Function;

/** Something to read from: the primary, or a replica as far as it has what is asked for. */
public interface Reads {
    /** Reads as the application. */
    <T> Future<T> read(Function<SqlConnection, Future<T>> work);

    /** Reads what this viewer may see. */
    <T> Future<T> read(Viewer viewer, Function<SqlConnection, Future<T>> work);
}
