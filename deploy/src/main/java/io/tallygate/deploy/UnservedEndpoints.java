package io.tallygate.deploy;

import io.tallygate.routing.desk.EndpointStatus;
import io.tallygate.routing.desk.EndpointStore;
import io.vertx.core.Future;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Warns of endpoints that registrations, rows or events name and that are not configured: their usage waits for ever. */
final class UnservedEndpoints {
    private static final Logger LOG = LoggerFactory.getLogger(UnservedEndpoints.class);

    private final EndpointStore endpoints;
    private final Set<String> configured;

    /** Looks for names other than {@code configured}. */
    UnservedEndpoints(EndpointStore endpoints, Set<String> configured) {
        this.endpoints = endpoints;
        this.configured = configured;
    }

    /** Looks, and writes a line for each to the log. */
    Future<Void> warn() {
        return find().map(found -> {
            found.forEach(LOG::warn);
            return null;
        });
    }

    /** The lines, in order of the names. */
    Future<List<String>> find() {
        return endpoints
                .all()
                .map(all -> all.endpoints().stream()
                        .filter(each -> !configured.contains(each.name()) && isNeeded(each))
                        .map(UnservedEndpoints::text)
                        .toList());
    }

    // One that was paused and is gone from the configuration is named by its pause alone.
    private static boolean isNeeded(EndpointStatus endpoint) {
        return endpoint.pausedUntil() == null || endpoint.waitingRows() > 0 || endpoint.pendingEvents() > 0;
    }

    private static String text(EndpointStatus endpoint) {
        return "The endpoint " + endpoint.name() + " is not configured here (delivery.endpoints): what is routed to it"
                + " waits; now " + endpoint.waitingRows() + " rows and " + endpoint.pendingEvents() + " events";
    }
}
