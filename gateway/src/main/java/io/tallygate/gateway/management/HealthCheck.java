package io.tallygate.gateway.management;

import io.vertx.core.Future;
import java.util.List;
import java.util.function.Supplier;

/**
 * One thing that is looked at when somebody asks whether this gateway is ready.
 *
 * @param decides whether a problem makes the gateway not ready. Where taking it away from its callers would not help, as
 *     with work that all gateways share, a problem is only a warning: else all of them would be taken away at once
 * @param problems gives those that there are; a failure is one
 */
public record HealthCheck(String name, boolean decides, Supplier<Future<List<String>>> problems) {
    /** A check whose problems make the gateway not ready. */
    public static HealthCheck deciding(String name, Supplier<Future<List<String>>> problems) {
        return new HealthCheck(name, true, problems);
    }

    /** A check whose problems are warnings, from what is known already. */
    public static HealthCheck warning(String name, Supplier<List<String>> problems) {
        return new HealthCheck(name, false, () -> Future.succeededFuture(problems.get()));
    }
}
