package io.tallygate.deploy.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How far each line reaches its target: a dot for the median, a bar from the worst round to the best, and a rule at 1, where
 * the target is. The axis is logarithmic, from a quarter to four times.
 */
final class RangePlot {
    private static final double LEAST = 0.25;
    private static final double MOST = 4;
    private static final int NAME = 430;
    private static final int WIDTH = 900;
    private static final int ROW = 26;
    private static final int TOP = 30;

    private record Row(String name, double median, double least, double most) {}

    private final List<Row> rows = new ArrayList<>();

    /** Adds a line that has a target. */
    void add(Line line) {
        List<Double> reached = reached(line);
        rows.add(new Row(line.what(), Numbers.median(reached), Numbers.least(reached), Numbers.most(reached)));
    }

    /** 1 where the target is just met, more where it is passed. */
    private static List<Double> reached(Line line) {
        Target target = line.target();
        return switch (target.kind()) {
            case RATIO_AT_LEAST ->
                line.ratios().stream().map(ratio -> ratio / target.value()).toList();
            case RATIO_AT_MOST ->
                line.ratios().stream().map(ratio -> target.value() / ratio).toList();
            case FIGURE_AT_MOST ->
                line.figures().stream().map(figure -> target.value() / figure).toList();
            case FIGURE_AT_LEAST ->
                line.figures().stream().map(figure -> figure / target.value()).toList();
        };
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    /** The plot as SVG, for a page that has the classes of {@link HtmlReport}. */
    String svg() {
        int height = TOP + rows.size() * ROW + 10;
        StringBuilder svg = new StringBuilder(String.format(
                Locale.ROOT,
                "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"Targets reached\">\n",
                WIDTH,
                height));
        for (double tick : List.of(0.25, 0.5, 1.0, 2.0, 4.0)) {
            svg.append(String.format(
                    Locale.ROOT,
                    "<line class=\"%s\" x1=\"%3$.1f\" x2=\"%3$.1f\" y1=\"%4$d\" y2=\"%5$d\"/><text class=\"tick\" x=\"%3$.1f\" y=\"18\">%2$s</text>\n",
                    tick == 1 ? "target" : "grid",
                    tick == 1 ? "target" : Numbers.plain(tick) + " ×",
                    x(tick),
                    TOP - 6,
                    height - 10));
        }
        for (int i = 0; i < rows.size(); i++) {
            append(svg, rows.get(i), TOP + i * ROW + ROW / 2);
        }
        return svg.append("</svg>\n").toString();
    }

    private static void append(StringBuilder svg, Row row, int y) {
        String kind = row.median() >= 1 ? "met" : "missed";
        svg.append(String.format(
                Locale.ROOT,
                "<text class=\"name\" x=\"%d\" y=\"%d\">%s</text><line class=\"%s\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>"
                        + "<circle class=\"%s\" cx=\"%.1f\" cy=\"%d\" r=\"5\"><title>%s: %s × its target</title></circle>\n",
                NAME - 12,
                y + 4,
                Html.escaped(row.name()),
                kind,
                x(row.least()),
                x(row.most()),
                y,
                y,
                kind,
                x(row.median()),
                y,
                Html.escaped(row.name()),
                Numbers.ratio(row.median())));
    }

    private static double x(double value) {
        double inside = Math.max(LEAST, Math.min(MOST, value));
        return NAME + (WIDTH - NAME - 30) * Math.log(inside / LEAST) / Math.log(MOST / LEAST);
    }
}
