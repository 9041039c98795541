package io.tallygate.deploy.bench;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Takes measurements in turn, round after round, so that whatever slows the machine for a while slows all of them. */
final class Rounds {
    private static final int WARM_SECONDS = 3;

    private final int count;
    private final Progress progress;
    private final int warmSeconds;

    /** So many rounds, after everything was run for three seconds, once at least, to warm up. */
    Rounds(int count, Progress progress) {
        this(count, progress, WARM_SECONDS);
    }

    private Rounds(int count, Progress progress, int warmSeconds) {
        this.count = count;
        this.progress = progress;
        this.warmSeconds = warmSeconds;
    }

    /** The same, but of no more rounds than this. */
    Rounds atMost(int rounds) {
        return new Rounds(Math.min(count, rounds), progress, warmSeconds);
    }

    /** The same, but with another warm-up; 0 runs everything once. */
    Rounds warmingUpFor(int seconds) {
        return new Rounds(count, progress, seconds);
    }

    /** Says what is going on beside the rounds. */
    void say(String text) {
        progress.say(text);
    }

    /** Runs the measurements in the order of the map: floor, figure, floor, figure … */
    Samples run(String title, Map<String, Measurement> inTurn) throws IOException {
        Map<String, Measurement> ordered = new LinkedHashMap<>(inTurn);
        progress.say(title + ": warming up");
        for (Measurement each : ordered.values()) {
            warm(each);
        }
        Samples samples = new Samples();
        for (int round = 1; round <= count; round++) {
            progress.say(title + ": round " + round + " of " + count);
            for (Map.Entry<String, Measurement> each : ordered.entrySet()) {
                samples.add(each.getKey(), each.getValue().take());
            }
        }
        return samples;
    }

    private void warm(Measurement measurement) throws IOException {
        long began = System.nanoTime();
        do {
            measurement.take();
        } while (System.nanoTime() - began < TimeUnit.SECONDS.toNanos(warmSeconds));
    }
}
