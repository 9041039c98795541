package io.tallygate.deploy;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tallygate.deploy.observe.ProgramInfo;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Optional;

/**
 * How a gateway is started otherwise than usual, and what the audit says of it.
 *
 * @param restored whether the database was restored: delivery is then held before anything is done, until an operator
 *     resumes it
 * @param settings those that somebody set, as they may be shown: without secrets
 * @param registry that of the Vert.x instance; without one, nothing is known of the use of pools
 */
record StartOptions(boolean restored, Map<String, String> settings, Optional<PrometheusMeterRegistry> registry) {
    /** As usual. */
    static final StartOptions NONE = new StartOptions(false, Map.of(), Optional.empty());

    /** For the audit: version, settings and whether it was restored. */
    String detail() {
        JsonObject shown = new JsonObject();
        settings.forEach(shown::put);
        return new JsonObject()
                .put("version", ProgramInfo.version())
                .put("restored", restored)
                .put("settings", shown)
                .encode();
    }
}
