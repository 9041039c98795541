package io.tallygate.deploy.bench;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Takes measurements in turn, round after round, so that whatever slows the machine for a while slows all of them. */
final class Rounds {
    private final int count;
    private final Progress progress;

    /** So many rounds, after one that only warms up. */
    Rounds(int count, Progress progress) {
        this.count = count;
        this.progress = progress;
    }

    /** The same, but of no more rounds than this. */
    Rounds atMost(int rounds) {
        return new Rounds(Math.min(count, rounds), progress);
    }

    /** Runs the measurements in the order of the map: floor, figure, floor, figure … */
    Samples run(String title, Map<String, Measurement> inTurn) throws IOException {
        Samples samples = new Samples();
        Map<String, Measurement> ordered = new LinkedHashMap<>(inTurn);
        for (int round = 0; round <= count; round++) {
            progress.say(title + (round == 0 ? ": warming up" : ": round " + round + " of " + count));
            for (Map.Entry<String, Measurement> each : ordered.entrySet()) {
                Reading reading = each.getValue().take();
                if (round > 0) {
                    samples.add(each.getKey(), reading);
                }
            }
        }
        return samples;
    }
}
