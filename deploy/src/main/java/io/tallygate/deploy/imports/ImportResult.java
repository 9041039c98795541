package io.tallygate.deploy.imports;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What became of one file: counts of all outcomes, and the first records that were refused or skipped. */
final class ImportResult {
    /** So many refusals are shown of each file. */
    static final int SHOWN = 20;

    private final String file;
    private final Map<String, Long> gatewayTotals = new LinkedHashMap<>();
    private final List<Refusal> gatewayRefusals;
    private final List<Refusal> unreadableLines = new ArrayList<>();
    private final List<ImportItem.Skipped> skippedLines = new ArrayList<>();
    private long unreadable;
    private long skipped;

    /**
     * Nothing, or what an interrupted run had posted.
     *
     * @param file its name, for a person
     */
    ImportResult(String file, Checkpoint checkpoint) {
        this.file = file;
        this.gatewayTotals.putAll(checkpoint.totals());
        this.gatewayRefusals = new ArrayList<>(checkpoint.refusals());
    }

    /** Adds what the gateway answered. */
    void add(ChunkAnswer answer) {
        answer.totals().forEach((outcome, count) -> gatewayTotals.merge(outcome, count, Long::sum));
        answer.refusals().stream().limit(SHOWN - gatewayRefusals.size()).forEach(gatewayRefusals::add);
    }

    /** Adds what could not be made into a record. */
    void add(Refusal refusal) {
        unreadable++;
        if (unreadableLines.size() < SHOWN) {
            unreadableLines.add(refusal);
        }
    }

    /** Adds what was left out. */
    void add(ImportItem.Skipped item) {
        skipped++;
        if (skippedLines.size() < SHOWN) {
            skippedLines.add(item);
        }
    }

    /** The file's name. */
    String file() {
        return file;
    }

    /** How many records the gateway has answered with each outcome. */
    Map<String, Long> gatewayTotals() {
        return Map.copyOf(gatewayTotals);
    }

    /** The first records that the gateway refused. */
    List<Refusal> gatewayRefusals() {
        return List.copyOf(gatewayRefusals);
    }

    /** How many records had an outcome; of {@code Skipped} and {@code Unreadable}, how many rows or lines. */
    long count(String outcome) {
        return switch (outcome) {
            case "Skipped" -> skipped;
            case Refusal.UNREADABLE -> unreadable;
            default -> gatewayTotals.getOrDefault(outcome, 0L);
        };
    }

    /** How many records or lines were refused. */
    long refused() {
        return Stream.of("Conflict", "Quarantined", "Rejected", Refusal.UNREADABLE)
                .mapToLong(this::count)
                .sum();
    }

    /** The first refusals, by line. */
    List<Refusal> shownRefusals() {
        return Stream.concat(gatewayRefusals.stream(), unreadableLines.stream())
                .sorted(Comparator.comparingLong(Refusal::line))
                .limit(SHOWN)
                .toList();
    }

    /** The first rows that were left out. */
    List<ImportItem.Skipped> shownSkipped() {
        return List.copyOf(skippedLines);
    }
}
