package io.tallygate.deploy.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One line of the benchmark. Floor and figure were taken in turn: the samples of one round have the same index.
 *
 * @param id as {@code stream.ndjson}; what is before the point is the group
 * @param unit of floor and figure
 * @param floorName what the floor is; empty if there is none
 * @param floors the floor's samples; none if there is no floor
 * @param figures the gateway's samples
 * @param target null if there is none
 * @param peakRssMb the gateway's largest resident set while it was measured; null where that says nothing
 * @param note what else is worth knowing; may be empty
 */
record Line(
        String id,
        String what,
        String unit,
        Better better,
        String floorName,
        List<Double> floors,
        List<Double> figures,
        Target target,
        Double peakRssMb,
        String note) {

    /** A line that has its samples. */
    static Line of(String id, String what, String unit, Better better, List<Double> figures) {
        return new Line(id, what, unit, better, "", List.of(), List.copyOf(figures), null, null, "");
    }

    Line against(String name, List<Double> samples) {
        return new Line(id, what, unit, better, name, List.copyOf(samples), figures, target, peakRssMb, note);
    }

    Line to(Target wanted) {
        return new Line(id, what, unit, better, floorName, floors, figures, wanted, peakRssMb, note);
    }

    Line peakRss(Double megabytes) {
        return new Line(id, what, unit, better, floorName, floors, figures, target, megabytes, note);
    }

    Line noting(String text) {
        return new Line(id, what, unit, better, floorName, floors, figures, target, peakRssMb, text);
    }

    String group() {
        return id.substring(0, id.indexOf('.'));
    }

    boolean hasFloor() {
        return !floors.isEmpty();
    }

    double figure() {
        return Numbers.median(figures);
    }

    double floor() {
        return Numbers.median(floors);
    }

    /** Figure to floor in each round; empty without a floor. */
    List<Double> ratios() {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < Math.min(floors.size(), figures.size()); i++) {
            ratios.add(figures.get(i) / floors.get(i));
        }
        return ratios;
    }

    /** The median of the rounds' ratios: what disturbs a whole round cancels out. NaN without a floor. */
    double ratio() {
        return hasFloor() ? Numbers.median(ratios()) : Double.NaN;
    }

    /** Whether the target is reached; empty if there is none. */
    Optional<Boolean> met() {
        return target == null ? Optional.empty() : Optional.of(target.met(ratio(), figure()));
    }
}
