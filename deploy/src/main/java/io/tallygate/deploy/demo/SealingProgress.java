package io.tallygate.deploy.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;

/** Waits until the gateway has sealed and routed the sample period, as {@code GET /windows} tells it. */
final class SealingProgress {
    private static final List<String> WATERMARKS =
            List.of("sealedThrough", "dailySealedThrough", "routedThrough", "dailyRoutedThrough");
    private static final Duration PAUSE = Duration.ofMillis(250);

    private final GatewayApi operator;
    private final Duration patience;

    /**
     * A wait of this length.
     *
     * @param patience how long the slowest watermark may stand still before the wait is given up
     */
    SealingProgress(GatewayApi operator, Duration patience) {
        this.operator = operator;
        this.patience = patience;
    }

    /** Blocks until all watermarks have reached the end of the period. */
    void await(SamplePeriod period) throws IOException {
        long hours = Duration.between(period.from(), period.to()).toHours();
        long shown = 0;
        long moved = System.nanoTime();
        try (Progress progress = new Progress("Sealing and routing", "hours", hours)) {
            while (shown < hours) {
                JsonNode windows = operator.get("/windows");
                long reached = Duration.between(period.from(), slowest(windows, period))
                        .toHours();
                if (reached > shown) {
                    progress.add(Math.min(reached, hours) - shown);
                    shown = reached;
                    moved = System.nanoTime();
                } else if (System.nanoTime() - moved > patience.toNanos()) {
                    throw new IOException("Sealing or routing has stood still for " + patience.toSeconds()
                            + " s; GET /windows says " + windows);
                } else {
                    Pause.of(PAUSE);
                }
            }
        }
    }

    private static Instant slowest(JsonNode windows, SamplePeriod period) throws IOException {
        Instant slowest = period.to();
        for (String name : WATERMARKS) {
            Instant mark = watermark(windows, name, period);
            slowest = mark.isBefore(slowest) ? mark : slowest;
        }
        return slowest;
    }

    private static Instant watermark(JsonNode windows, String name, SamplePeriod period) throws IOException {
        JsonNode value = windows.path(name);
        if (!value.isTextual()) {
            return period.from();
        }
        try {
            return OffsetDateTime.parse(value.asText()).toInstant();
        } catch (DateTimeParseException e) {
            throw new IOException("GET /windows should have a time in " + name + ", but has " + value, e);
        }
    }
}
