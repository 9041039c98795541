package io.tallygate.deploy.config;

import java.time.Duration;

/**
 * How the gateway reaches its database.
 *
 * @param url without user and password
 * @param poolSize connections at the most
 * @param maxWaitQueue callers that may wait for a connection
 * @param connectTimeout for one connection
 * @param statementTimeout for one statement
 */
public record DatabaseConfig(
        String url,
        String user,
        String password,
        int poolSize,
        int maxWaitQueue,
        Duration connectTimeout,
        Duration statementTimeout) {}
