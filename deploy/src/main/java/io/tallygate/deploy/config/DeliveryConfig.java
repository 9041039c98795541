package io.tallygate.deploy.config;

import io.tallygate.routing.commerce.EndpointConfig;
import java.time.Duration;
import java.util.List;

/**
 * How usage is delivered.
 *
 * @param endpoints by unique names; usage for another name waits
 * @param interval how often each endpoint looks for work when there was none
 * @param checkInterval how often the gateway checks its own reconciliation
 */
public record DeliveryConfig(List<EndpointConfig> endpoints, Duration interval, Duration checkInterval) {}
