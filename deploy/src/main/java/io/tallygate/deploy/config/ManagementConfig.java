package io.tallygate.deploy.config;

/**
 * Where health is told.
 *
 * @param port 0 takes a free one
 */
public record ManagementConfig(String host, int port) {}
