package io.tallygate.store;

import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How connections are made, and how many. */
final class DatabasePool {
    private static final Logger LOG = LoggerFactory.getLogger(DatabasePool.class);
    private static final int TCP_USER_TIMEOUT_MS = 4000;
    private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(10);
    private static final int LONGEST_CACHED_STATEMENT = 16_384;

    private DatabasePool() {}

    static Pool open(Vertx vertx, DatabaseConfig config) {
        long statementTimeoutMs = config.statementTimeout().toMillis();
        PgConnectOptions connect = PgConnectOptions.fromUri(config.url())
                .setUser(config.user())
                .setPassword(config.password())
                .setCachePreparedStatements(true)
                // Longer statements would be parsed and planned each time: the client's own limit is 2048.
                .setPreparedStatementCacheSqlLimit(LONGEST_CACHED_STATEMENT)
                .setProperties(Map.of(
                        "application_name",
                        "tallygate",
                        "search_path",
                        Migrations.SCHEMA + ", public",
                        "TimeZone",
                        "UTC",
                        // A plan for any values takes a tenant's whole range for a few rows, and sorts it for each
                        // page.
                        "plan_cache_mode",
                        "force_custom_plan",
                        // What a plan over many partitions is said to cost is no reason to compile it: that takes
                        // longer.
                        "jit",
                        "off",
                        "statement_timeout",
                        Long.toString(statementTimeoutMs),
                        "lock_timeout",
                        Long.toString(Math.min(LOCK_TIMEOUT.toMillis(), statementTimeoutMs)),
                        "idle_in_transaction_session_timeout",
                        Long.toString(statementTimeoutMs)));
        PoolOptions size = new PoolOptions()
                // Shared by all event loops, under a name of its own: two of the same name would be one.
                .setName("tallygate-" + UUID.randomUUID())
                .setShared(true)
                .setMaxSize(config.poolSize())
                .setMaxWaitQueueSize(config.maxWaitQueue())
                .setConnectionTimeout((int) config.connectTimeout().toMillis())
                .setConnectionTimeoutUnit(TimeUnit.MILLISECONDS);
        // Only these options reach the socket of the client; without the user timeout a vanished server is noticed
        // after a quarter of an hour.
        NetClientOptions net = PgSocket.openedWithin(new NetClientOptions(), config.connectTimeout())
                .setTcpUserTimeout(TCP_USER_TIMEOUT_MS)
                .setTcpKeepAlive(true);
        return PgBuilder.pool()
                .connectingTo(connect)
                .with(size)
                .with(net)
                .using(vertx)
                .withConnectHandler(connection -> {
                    PgSocket.opened(connection);
                    connection.close().onFailure(failure -> LOG.warn("Could not pool a connection", failure));
                })
                .build();
    }
}
