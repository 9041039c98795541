package io.tallygate.routing.commerce;

import io.tallygate.routing.outbound.OutboundHttp;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * One configured endpoint.
 *
 * @param name what registrations refer to; {@code default} is for those that name none
 * @param options what its adapter alone needs, such as {@code url}; names and values are checked already
 * @param caPem the authorities to trust instead of the Java runtime's
 * @param settle overrides the adapter's
 * @param maxAge overrides the adapter's
 * @param dedupeWindow overrides the adapter's
 * @param batchLimit overrides the adapter's
 * @param concurrency submissions under way at once, per gateway
 * @param rate submissions a second at most, per gateway; 0: any
 * @param deadline for one HTTP exchange, from the call to the last byte. The breaker's timeout and the lease are longer
 */
public record EndpointConfig(
        String name,
        AdapterType adapter,
        Map<String, String> options,
        Optional<String> caPem,
        Optional<Duration> settle,
        Optional<Duration> maxAge,
        Optional<Duration> dedupeWindow,
        Optional<Integer> batchLimit,
        int concurrency,
        int rate,
        Duration deadline,
        Breaker breaker) {

    private static final int MAX_ANSWER = 1024 * 1024;

    /** The name of the endpoint of registrations that name none. */
    public static final String DEFAULT_NAME = "default";

    /**
     * The circuit breaker.
     *
     * @param failures in a row that open it
     * @param reset how long it stays open before one submission is let through
     */
    public record Breaker(int failures, Duration reset) {}

    /**
     * How it is reached; an answer has 1 MiB at the most.
     *
     * @param echoed whether its answers repeat what they are about
     */
    OutboundHttp.Options outbound(boolean echoed) {
        return new OutboundHttp.Options(caPem, deadline, concurrency, echoed, MAX_ANSWER);
    }

    /** After this long an attempt is given up, whatever the adapter does: the deadline and two seconds. */
    public Duration breakerTimeout() {
        return deadline.plusSeconds(2);
    }

    /** How long an event belongs to the gateway that sends it: twice the deadline and five seconds. */
    public Duration lease() {
        return deadline.multipliedBy(2).plusSeconds(5);
    }

    /** Without options, which hold secrets. */
    @Override
    public String toString() {
        return "EndpointConfig[" + name + ", " + adapter + "]";
    }
}
