package io.tallygate.deploy.bench;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What came back of many requests. */
final class LoadCount {
    /** What became of one. */
    enum Kind {
        /** 200 with the body that it must have. */
        GOOD,
        /** 429 that says when to ask again. */
        REFUSED,
        /** Any other answer: another status, or another body. */
        WRONG,
        /** No answer. */
        FAILED
    }

    private final Map<Kind, List<Double>> latencies = new EnumMap<>(Kind.class);
    private double seconds;

    /** What an answer is. */
    static Kind judge(HttpClientResponse response, Buffer body, Buffer expected) {
        return switch (response.statusCode()) {
            case 200 -> body.equals(expected) ? Kind.GOOD : Kind.WRONG;
            case 429 -> response.getHeader("Retry-After") == null ? Kind.WRONG : Kind.REFUSED;
            default -> Kind.WRONG;
        };
    }

    void add(Kind kind, double milliseconds) {
        latencies.computeIfAbsent(kind, none -> new ArrayList<>()).add(milliseconds);
    }

    void took(double time) {
        seconds = time;
    }

    long count(Kind kind) {
        return latencies.getOrDefault(kind, List.of()).size();
    }

    /** Good answers a second. */
    double rate() {
        return count(Kind.GOOD) / seconds;
    }

    /** What 99 of 100 did not exceed, in milliseconds; 0 if there were none. */
    double p99(Kind kind) {
        List<Double> sorted =
                latencies.getOrDefault(kind, List.of()).stream().sorted().toList();
        return sorted.isEmpty() ? 0 : sorted.get((int) Math.ceil(sorted.size() * 0.99) - 1);
    }

    /** Whether all were good. */
    boolean allGood() {
        return List.of(Kind.REFUSED, Kind.WRONG, Kind.FAILED).stream().allMatch(kind -> count(kind) == 0);
    }

    Reading reading(double recoverySeconds) {
        return new Reading(Map.of(
                Reading.RATE,
                rate(),
                "p99",
                p99(Kind.GOOD),
                "refusal",
                p99(Kind.REFUSED),
                "refused",
                (double) count(Kind.REFUSED),
                "wrong",
                (double) count(Kind.WRONG) + count(Kind.FAILED),
                "recovery",
                recoverySeconds));
    }
}
