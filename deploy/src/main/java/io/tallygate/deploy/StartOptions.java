package io.tallygate.deploy;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tallygate.deploy.config.Configuration;
import io.tallygate.deploy.observe.ProgramInfo;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Optional;

/**
 * How a gateway is started otherwise than usual, and what the audit says of it.
 *
 * @param restored whether the database was restored: delivery is then held before anything is done, until an operator
 *     resumes it
 * @param configured where its configuration comes from, if it can be read again
 * @param registry that of the Vert.x instance; without one, nothing is known of the use of pools
 */
record StartOptions(boolean restored, Optional<Configured> configured, Optional<PrometheusMeterRegistry> registry) {
    /** As usual. */
    static final StartOptions NONE = new StartOptions(false, Optional.empty(), Optional.empty());

    /**
     * A configuration that can be read again.
     *
     * @param running the one that the gateway is started with
     */
    record Configured(Configuration running, ConfigReload.Source source) {}

    /** For the audit: version, the settings that somebody set, as they may be shown, and whether it was restored. */
    String detail() {
        JsonObject shown = new JsonObject();
        configured.map(from -> from.running().given()).orElse(Map.of()).forEach(shown::put);
        return new JsonObject()
                .put("version", ProgramInfo.version())
                .put("restored", restored)
                .put("settings", shown)
                .encode();
    }
}
