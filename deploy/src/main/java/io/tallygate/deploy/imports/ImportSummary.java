package io.tallygate.deploy.imports;

import io.tallygate.gateway.http.Excerpt;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The outcomes of an import as a table, and below it the first refusals of each file with their reasons. */
final class ImportSummary {
    private static final List<String> COLUMNS = Stream.concat(
                    ChunkAnswer.OUTCOMES.stream(), Stream.of(Refusal.UNREADABLE, "Skipped"))
            .toList();

    private final List<ImportResult> results;
    private final Path errors;

    /**
     * Of these files.
     *
     * @param errors where all refusals were written, or null
     */
    ImportSummary(List<ImportResult> results, Path errors) {
        this.results = List.copyOf(results);
        this.errors = errors;
    }

    /** Prints it. */
    void print(PrintWriter out) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(Stream.concat(Stream.of("File"), COLUMNS.stream()).toList());
        results.forEach(result -> rows.add(row(result)));
        if (results.size() > 1) {
            rows.add(total());
        }
        int[] widths = IntStream.range(0, rows.get(0).size())
                .map(column -> rows.stream()
                        .mapToInt(row -> row.get(column).length())
                        .max()
                        .orElse(0))
                .toArray();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%-" + widths[0] + "s", row.get(0)));
            for (int column = 1; column < widths.length; column++) {
                line.append(String.format(Locale.ROOT, "  %" + widths[column] + "s", row.get(column)));
            }
            out.println(line);
        }
        results.forEach(result -> details(result, out));
        out.flush();
    }

    private static List<String> row(ImportResult result) {
        return Stream.concat(
                        Stream.of(Excerpt.oneLine(result.file())),
                        COLUMNS.stream().map(outcome -> Long.toString(result.count(outcome))))
                .toList();
    }

    private List<String> total() {
        return Stream.concat(
                        Stream.of("Total"),
                        COLUMNS.stream()
                                .map(outcome -> Long.toString(results.stream()
                                        .mapToLong(result -> result.count(outcome))
                                        .sum())))
                .toList();
    }

    private void details(ImportResult result, PrintWriter out) {
        List<Refusal> refusals = result.shownRefusals();
        refusals.forEach(refusal -> out.println(line(result.file(), refusal)));
        String where = errors == null ? "--errors FILE writes them all" : "all are in " + errors;
        more(result.refused() - refusals.size(), "refused (" + where + ")", out);
        List<ImportItem.Skipped> skipped = result.shownSkipped();
        skipped.forEach(
                item -> out.println(place(result.file(), item.line()) + "Skipped: " + Excerpt.oneLine(item.reason())));
        more(result.count("Skipped") - skipped.size(), "skipped", out);
    }

    private static String line(String file, Refusal refusal) {
        StringBuilder line = new StringBuilder(place(file, refusal.line())).append(refusal.outcome());
        if (refusal.code() != null) {
            line.append(' ').append(Excerpt.oneLine(refusal.code()));
        }
        if (refusal.field() != null) {
            line.append(" (").append(Excerpt.oneLine(refusal.field())).append(')');
        }
        if (refusal.message() != null) {
            line.append(": ").append(Excerpt.oneLine(refusal.message()));
        }
        if (refusal.id() != null) {
            line.append(" [id ").append(Excerpt.oneLine(refusal.id())).append(']');
        }
        return line.toString();
    }

    private static String place(String file, long line) {
        return Excerpt.oneLine(file) + ":" + line + ": ";
    }

    private static void more(long count, String what, PrintWriter out) {
        if (count > 0) {
            out.println("… and " + count + " more " + what);
        }
    }
}
