package io.tallygate.deploy;

import io.vertx.core.json.JsonObject;
import java.util.Map;

/**
 * How a gateway is started otherwise than usual, and what the audit says of it.
 *
 * @param restored whether the database was restored: delivery is then held before anything is done, until an operator
 *     resumes it
 * @param settings those that somebody set, as they may be shown: without secrets
 */
record StartOptions(boolean restored, Map<String, String> settings) {
    /** As usual. */
    static final StartOptions NONE = new StartOptions(false, Map.of());

    /** For the audit: version, settings and whether it was restored. */
    String detail() {
        String version = StartOptions.class.getPackage().getImplementationVersion();
        JsonObject shown = new JsonObject();
        settings.forEach(shown::put);
        return new JsonObject()
                .put("version", version == null ? "dev" : version)
                .put("restored", restored)
                .put("settings", shown)
                .encode();
    }
}
