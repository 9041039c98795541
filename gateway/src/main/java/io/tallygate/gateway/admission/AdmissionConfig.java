package io.tallygate.gateway.admission;

import java.time.Duration;

/**
 * How much work is let in, of everybody and of one caller. All of it counts per process.
 *
 * @param requests of tenants that run at the same time, and as many of the operator's tenant; 0 for twice the processors,
 *     four at the least
 * @param waiting requests that wait for their turn, a quarter of them of one tenant
 * @param patience how long one waits; once there was a crowd for a fifth of it, a two hundredth of it
 * @param ingestStreams streams of usage records that are read at the same time
 * @param tenantRate requests a second of one tenant; 0 for any
 * @param tenantBurst requests of one tenant at once after it made none for a while
 * @param addressFailures refused credentials a second from one address, ten times that at once; 0 for any. Ten times as
 *     many requests without credentials
 */
public record AdmissionConfig(
        int requests,
        int waiting,
        Duration patience,
        int ingestStreams,
        int tenantRate,
        int tenantBurst,
        int addressFailures) {
    /** What goes without saying. */
    public static final AdmissionConfig DEFAULT = new AdmissionConfig(0, 256, Duration.ofMillis(500), 32, 50, 200, 20);

    private static final int FEWEST = 4;
    private static final int SHARE = 4;
    private static final int REQUESTS_A_FAILURE = 10;
    private static final int MOST_REQUESTS = 1_000_000;

    /** Requests that run at the same time in each line. */
    int places() {
        return requests > 0
                ? requests
                : Math.max(FEWEST, 2 * Runtime.getRuntime().availableProcessors());
    }

    /** Requests a second from one address that are nobody's; 0 for any. */
    int addressRequests() {
        return Math.min(MOST_REQUESTS, addressFailures) * REQUESTS_A_FAILURE;
    }

    /** The line of tenants: one of them may have half of the places. */
    FairLine.Limits tenants() {
        return new FairLine.Limits(
                places(), Math.max(1, places() / 2), waiting, Math.max(1, waiting / SHARE), patience);
    }

    /** The line of operators: one of them may have all places but one. */
    FairLine.Limits operators() {
        return new FairLine.Limits(
                places(), Math.max(1, places() - 1), waiting, Math.max(1, waiting / SHARE), patience);
    }
}
