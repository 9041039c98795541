package io.tallygate.deploy.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The lines as a table in Markdown that is aligned, so that it can be read as it is. */
final class TableReport {
    private static final List<String> HEADINGS = List.of(
            "line", "floor", "floor's median", "median", "unit", "ratio", "spread", "target", "met", "peak RSS");

    private TableReport() {}

    static String of(List<Line> lines) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEADINGS);
        lines.forEach(line -> rows.add(cells(line)));
        int[] widths = new int[HEADINGS.size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        StringBuilder table = new StringBuilder();
        for (int r = 0; r < rows.size(); r++) {
            append(table, rows.get(r), widths);
            if (r == 0) {
                append(table, dashes(widths), widths);
            }
        }
        return table.toString();
    }

    /** The cells of one line, in the order of the headings. */
    static List<String> cells(Line line) {
        List<Double> spread = line.hasFloor() ? line.ratios() : line.figures();
        boolean ratio = line.hasFloor();
        return List.of(
                line.what(),
                line.floorName(),
                ratio ? Numbers.short3(line.floor()) : "",
                Numbers.short3(line.figure()),
                line.unit(),
                ratio ? Numbers.ratio(line.ratio()) : "",
                spread.size() == 1
                        ? ""
                        : number(Numbers.least(spread), ratio) + "–" + number(Numbers.most(spread), ratio),
                line.target() == null ? "" : line.target().text(line.unit()),
                line.met().map(met -> met ? "yes" : "**no**").orElse(""),
                line.peakRssMb() == null ? "" : Numbers.short3(line.peakRssMb()) + " MB");
    }

    static List<String> headings() {
        return HEADINGS;
    }

    private static String number(double value, boolean ratio) {
        return ratio ? Numbers.ratio(value) : Numbers.short3(value);
    }

    private static List<String> dashes(int[] widths) {
        return java.util.Arrays.stream(widths).mapToObj("-"::repeat).toList();
    }

    private static void append(StringBuilder table, List<String> row, int[] widths) {
        List<String> padded = new ArrayList<>();
        for (int i = 0; i < widths.length; i++) {
            padded.add(row.get(i) + " ".repeat(widths[i] - row.get(i).length()));
        }
        table.append(padded.stream().collect(Collectors.joining(" | ", "| ", " |\n")));
    }
}
