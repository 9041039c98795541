package io.tallygate.deploy.bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The readings of all rounds. */
final class Samples {
    private final Map<String, List<Reading>> readings = new HashMap<>();

    void add(String who, Reading reading) {
        readings.computeIfAbsent(who, none -> new ArrayList<>()).add(reading);
    }

    /** One value of one measurement, a sample a round. */
    List<Double> of(String who, String value) {
        List<Reading> taken = readings.get(who);
        if (taken == null) {
            throw new IllegalArgumentException("Nothing measured `" + who + "`");
        }
        return taken.stream().map(reading -> reading.values().get(value)).toList();
    }

    List<Double> rates(String who) {
        return of(who, Reading.RATE);
    }

    List<Double> seconds(String who) {
        return of(who, Reading.SECONDS);
    }
}
