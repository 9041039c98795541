package io.tallygate.deploy.demo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/**
 * A resource of the sample world as usage records describe it.
 *
 * @param additionalInfo text to text; {@code null} values are written as JSON null; empty: there is none
 */
record SampleResource(String uri, Map<String, String> tags, Map<String, String> additionalInfo) {
    private static final String LOCATION = "local";

    /** Adds resourceUri, location, tags and additionalInfo. */
    void describe(ObjectNode data) {
        data.put("resourceUri", uri).put("location", LOCATION);
        ObjectNode written = data.putObject("tags");
        tags.forEach(written::put);
        if (!additionalInfo.isEmpty()) {
            ObjectNode info = data.putObject("additionalInfo");
            additionalInfo.forEach(info::put);
        }
    }
}
