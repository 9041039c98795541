package io.tallygate.deploy.client;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a command needs to know of the demo, from the {@code demo.json} that the demo writes when it is ready.
 *
 * @param baseUrl where its gateway is
 * @param caFile the PEM file of its certificate authority
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record RunningDemo(
        String baseUrl, Path caFile, Reporter reporter, Operator operator, Registration registration) {
    /** The file's name in the demo's directory. */
    static final String FILE = "demo.json";

    /**
     * Reads the file.
     *
     * @param directory the demo's
     * @throws IOException if there is none, or it cannot be read
     */
    public static RunningDemo read(Path directory) throws IOException {
        Path file = directory.resolve(FILE);
        if (!Files.isReadable(file)) {
            throw new IOException("no demo found (" + file + "): start it with 'tallygate demo', or give --url,"
                    + " --token-file and --ca of another gateway");
        }
        RunningDemo demo = ExactJson.MAPPER.readValue(file.toFile(), RunningDemo.class);
        if (demo.baseUrl == null || demo.reporter == null || demo.operator == null) {
            throw new IOException(file + " is not complete: expected baseUrl, reporter and operator");
        }
        return demo;
    }

    /**
     * The caller that may post usage.
     *
     * @param token with the role Usage.Report
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Reporter(String token) {
        @Override
        public String toString() {
            return "Reporter";
        }
    }

    /**
     * The operator.
     *
     * @param token with all roles
     * @param subscriptionId the default provider subscription
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Operator(String token, String subscriptionId) {
        @Override
        public String toString() {
            return "Operator[" + subscriptionId + "]";
        }
    }

    /** The demo's registration. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Registration(String subscriptionId, String resourceGroup, String name) {
        /** Its resource id. */
        public String resourceId() {
            return "/subscriptions/" + subscriptionId + "/resourceGroups/" + resourceGroup
                    + "/providers/Microsoft.AzureStack/registrations/" + name;
        }
    }
}
