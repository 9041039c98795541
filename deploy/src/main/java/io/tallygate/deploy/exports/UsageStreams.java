package io.tallygate.deploy.exports;

import io.tallygate.deploy.client.GatewayAnswer;
import io.tallygate.deploy.client.GatewayClient;
import io.tallygate.deploy.client.GatewayStream;
import io.tallygate.deploy.client.StoppedException;
import io.tallygate.deploy.client.TryAgainException;
import io.tallygate.gateway.http.WireTime;
import io.vertx.core.http.HttpMethod;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The gateway's streams of the rows of one request. */
final class UsageStreams {
    /** How many rows an answer has, or will have. */
    static final String ROW_COUNT = "x-row-count";
    /** The digest of an answer. */
    static final String DIGEST = "x-content-sha256";

    private static final String COMPLETE_THROUGH = "x-complete-through";
    private static final Duration UNSEALED = Duration.ofSeconds(10);

    private final GatewayClient gateway;
    private final String token;
    private final ExportRequest request;
    private final boolean gzip;
    private final Clock clock;

    /**
     * Streams.
     *
     * @param token of a caller who may read the rows
     * @param gzip whether they may travel compressed
     */
    UsageStreams(GatewayClient gateway, String token, ExportRequest request, boolean gzip, Clock clock) {
        this.gateway = gateway;
        this.token = token;
        this.request = request;
        this.gzip = gzip;
        this.clock = clock;
    }

    /**
     * What the gateway says beforehand.
     *
     * @param rows how many there are, if the range is sealed
     * @param pause how long to wait if it is not, else null
     */
    record Announced(long rows, Duration pause) {}

    /**
     * Asks how many rows there are.
     *
     * @throws ExportException if the gateway does not give them
     */
    Announced announced() throws TryAgainException, StoppedException, ExportException {
        try (GatewayStream head = gateway.open(HttpMethod.HEAD, request.path(null), token, false)) {
            if (head.answer().status() == 200) {
                return new Announced(count(head.header(ROW_COUNT)), null);
            }
        }
        // The answer to HEAD has no body: GET says why.
        try (GatewayStream get = gateway.open(HttpMethod.GET, request.path(null), token, false)) {
            GatewayAnswer answer = get.answer().orTryAgain(clock.instant());
            if (answer.status() == 200) {
                throw new TryAgainException("the gateway changed its mind", null);
            }
            if (answer.status() == 202) {
                Duration pause = answer.pause(clock.instant());
                return new Announced(-1, pause == null ? UNSEALED : pause);
            }
            throw ExportException.refused("the gateway refused it: " + answer.summary());
        }
    }

    /**
     * Opens the stream.
     *
     * @param position after which it begins, or null
     * @throws ExportException if the gateway does not give it
     */
    GatewayStream open(String position) throws TryAgainException, StoppedException, ExportException {
        GatewayStream stream = gateway.open(HttpMethod.GET, request.path(position), token, gzip);
        GatewayAnswer answer = stream.answer().orTryAgain(clock.instant());
        if (answer.status() == 202) {
            throw new TryAgainException("the gateway answered " + answer.summary(), answer.pause(clock.instant()));
        }
        if (answer.status() != 200) {
            throw ExportException.refused("the gateway refused it: " + answer.summary()
                    + (position == null ? "" : " (--restart begins anew)"));
        }
        return stream;
    }

    /** Through when an answer is complete; empty if it does not say. */
    static Optional<String> completeThrough(GatewayStream stream) {
        return Optional.ofNullable(stream.header(COMPLETE_THROUGH))
                .flatMap(WireTime::parse)
                .map(Instant::toString);
    }

    private static long count(String header) throws ExportException {
        if (header == null || !header.matches("\\d{1,18}")) {
            throw ExportException.refused("the gateway does not tell how many rows there are (" + ROW_COUNT + "): is it"
                    + " of a version that has streams?");
        }
        return Long.parseLong(header);
    }
}
