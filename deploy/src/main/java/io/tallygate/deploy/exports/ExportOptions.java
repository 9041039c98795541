package io.tallygate.deploy.exports;

import io.tallygate.deploy.client.GatewayOptions;
import io.tallygate.deploy.client.GatewayTarget;
import io.tallygate.deploy.client.TokenFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of {@code export}. */
final class ExportOptions {
    private static final String STANDARD_OUTPUT = "-";

    @ArgGroup(multiplicity = "1")
    private Whose whose;

    @Option(
            names = "--from",
            required = true,
            paramLabel = "TIME",
            converter = ReportedTime.class,
            description = "When it was reported: 2026-11-01, or 2026-11-01T05:00Z.")
    private Instant from;

    @Option(
            names = "--to",
            required = true,
            paramLabel = "TIME",
            converter = ReportedTime.class,
            description = "The end, exclusive.")
    private Instant to;

    @Option(
            names = "--granularity",
            paramLabel = "HOW",
            defaultValue = "daily",
            description = "daily (the default) or hourly rows.")
    private ExportRequest.Granularity granularity;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "ndjson, csv or parquet. Default: by the ending of FILE.")
    private ExportFormat format;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Where to; - is the standard output. Default: usage-ID-daily-FROM-TO.ndjson here.")
    private String output;

    @Option(names = "--force", description = "Write over FILE.")
    private boolean force;

    @Option(names = "--restart", description = "Forget how far an interrupted export to FILE came.")
    private boolean restart;

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            defaultValue = "PT10M",
            converter = WaitingTime.class,
            description = "How long to wait for a range that is not sealed yet: 90s, 10m (the default), 2h.")
    private Duration longestWait;

    @Option(
            names = "--gzip",
            negatable = true,
            description = "Compress on the way. Default: yes, unless the gateway is on this machine.")
    private Boolean gzip;

    @Option(names = "--no-digest", description = "Take answers whose digest a proxy drops: only rows are counted.")
    private boolean digestOptional;

    @Mixin
    private GatewayOptions gateway;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            converter = TokenFile.class,
            description = "The token of a caller who may read it. Default: TALLYGATE_TOKEN (for everyone's"
                    + " TALLYGATE_OPERATOR_TOKEN), or the demo's operator.")
    private String token;

    @Option(
            names = "--operator-subscription",
            paramLabel = "ID",
            description = "The default provider subscription, or a delegated provider's, for --everyone and"
                    + " --subscriber. Default: the demo's.")
    private String operatorSubscription;

    /** Whose usage. */
    static final class Whose {
        @Option(
                names = "--subscription",
                paramLabel = "ID",
                description = "Usage of one subscription, as its tenant reads it; or what a CSP subscription pays for.")
        private String subscription;

        @Option(names = "--everyone", description = "Usage of all subscriptions, as the operator reads it.")
        private boolean everyone;

        @Option(
                names = "--subscriber",
                paramLabel = "ID",
                description = "Usage of one subscription, as the operator reads it.")
        private String subscriber;
    }

    /** Where to read from. */
    GatewayTarget target(Map<String, String> environment) throws IOException {
        return gateway.target(
                isAdmin() ? GatewayTarget.Caller.OPERATOR : GatewayTarget.Caller.READER, token, environment);
    }

    /** What to read. */
    ExportRequest request(GatewayTarget target) {
        return new ExportRequest(
                isAdmin() ? provider(target) : whose.subscription,
                isAdmin(),
                whose.subscriber,
                granularity,
                from,
                to,
                format());
    }

    /**
     * Where to write, or null for the standard output.
     *
     * @throws IllegalArgumentException if there is something that must not be written over
     */
    Path file(ExportRequest request) {
        if (STANDARD_OUTPUT.equals(output)) {
            if (request.format() == ExportFormat.parquet) {
                throw new IllegalArgumentException("Parquet needs a file: -o usage.parquet");
            }
            return null;
        }
        Path file = Path.of(output == null ? request.fileName() : output);
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new IllegalArgumentException(file + " is not a file; -o - is the standard output");
        }
        requireFree(file);
        return file;
    }

    /** @throws IllegalArgumentException if the file is there, and may not be written over */
    void requireFree(Path file) {
        if (Files.exists(file) && !force) {
            throw new IllegalArgumentException(file + " is there already: --force writes over it");
        }
    }

    /** Whether an earlier run is forgotten. */
    boolean restart() {
        return restart;
    }

    /** How long to wait for a range that is not sealed. */
    Duration longestWait() {
        return longestWait;
    }

    /** Whether rows may travel compressed. */
    boolean gzip(GatewayTarget target) {
        return gzip == null ? !target.isLocal() : gzip;
    }

    /** Whether every answer must have its digest. */
    boolean digestRequired() {
        return !digestOptional;
    }

    private boolean isAdmin() {
        return whose.everyone || whose.subscriber != null;
    }

    private ExportFormat format() {
        if (format != null) {
            return format;
        }
        if (STANDARD_OUTPUT.equals(output)) {
            throw new IllegalArgumentException("-o - needs --format ndjson or csv");
        }
        return output == null ? ExportFormat.ndjson : ExportFormat.of(Path.of(output));
    }

    private String provider(GatewayTarget target) {
        if (operatorSubscription == null && target.demo() == null) {
            throw new IllegalArgumentException("--everyone and --subscriber need --operator-subscription with --url");
        }
        return operatorSubscription == null ? target.demo().operator().subscriptionId() : operatorSubscription;
    }
}
