package io.tallygate.store.gap;

import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;

/**
 * Usage hours that are missing.
 *
 * @param registrationId of the subscription, or that the source is collected for; null if there is none
 * @param source who reports the resource, or is missing itself
 * @param resource null where the source as a whole is meant
 * @param from the first hour that is missing
 * @param to the first one after it that is not; null while a source is silent
 * @param before what was reported of the hour before; null if nothing was, or it is not kept any more
 * @param after what was reported of the hour {@code to}; likewise
 * @param counts null where nothing at all was reported of these hours
 * @param acknowledgement null if nobody said anything
 * @param clearedAt null while hours are missing
 */
public record GapFinding(
        long gapId,
        GapKind kind,
        Long registrationId,
        String source,
        Resource resource,
        Instant from,
        Instant to,
        Side before,
        Side after,
        Counts counts,
        Instant firstSeen,
        Acknowledgement acknowledgement,
        Instant clearedAt) {

    /** What has the hole. */
    public record Resource(SubscriptionId subscription, TenantId tenant, String meterId, String resourceUri) {}

    /**
     * The row beside the hole, the first that was reported of its hour.
     *
     * @param usageHour its hour of usage
     * @param reportedHour the window in which it was reported
     * @param quantity null for a source
     * @param records how many the row sums up
     */
    public record Side(Instant usageHour, Instant reportedHour, BigDecimal quantity, long records) {}

    /** Records of these hours, as the weeks before had them and as they are. */
    public record Counts(long expected, long found) {}

    /** What somebody said of it. */
    public record Acknowledgement(Instant at, String by, String reason) {}

    /** Where it is. */
    public GapState state() {
        if (clearedAt != null) {
            return GapState.CLEARED;
        }
        return acknowledgement == null ? GapState.OPEN : GapState.ACKNOWLEDGED;
    }

    /** How many hours are missing; null while a source is silent. */
    public Long hours() {
        return to == null ? null : Duration.between(from, to).toHours();
    }
}
