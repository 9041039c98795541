package io.tallygate.store;

import java.time.Duration;

/**
 * How the gateway reaches its Postgres, as the application role.
 *
 * @param url {@code postgresql://host:port/database[?sslmode=...]}, without user and password
 * @param poolSize connections at the most, 1 or more
 * @param maxWaitQueue callers that may wait for a connection; one more is refused at once ({@link StoreBusyException})
 * @param connectTimeout for one connection
 * @param statementTimeout after which Postgres itself ends a statement; every database future ends a little later
 */
public record DatabaseConfig(
        String url,
        String user,
        String password,
        int poolSize,
        int maxWaitQueue,
        Duration connectTimeout,
        Duration statementTimeout) {

    /** Shows no password. */
    @Override
    public String toString() {
        return "DatabaseConfig[" + url + ", " + user + "]";
    }
}
