package io.tallygate.deploy.bench;

import io.tallygate.store.Database;
import io.tallygate.store.DatabaseConfig;
import io.vertx.core.Vertx;

/** The gateway's own way to the database, in this process. */
record StoreAccess(Vertx vertx, Database database) implements AutoCloseable {
    static StoreAccess open(DatabaseConfig config) {
        Vertx vertx = Vertx.vertx();
        return new StoreAccess(vertx, Database.open(vertx, config));
    }

    @Override
    public void close() {
        // One after the other: a future of the one does not end when the other has closed its event loop.
        database.close().await();
        vertx.close().await();
    }
}
