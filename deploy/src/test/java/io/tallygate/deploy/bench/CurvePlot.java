package io.tallygate.deploy.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Curves over a logarithmic axis, as throughput over clients or rows. The other axis begins at 0. */
final class CurvePlot {
    private static final int WIDTH = 900;
    private static final int HEIGHT = 320;
    private static final int LEFT = 90;
    private static final int RIGHT = 260;
    private static final int TOP = 20;
    private static final int BOTTOM = 46;
    private static final int TICKS = 4;

    private final String title;
    private final String across;
    private final String up;
    private final Map<String, SortedMap<Double, Double>> curves = new LinkedHashMap<>();

    /**
     * An empty one.
     *
     * @param across what the logarithmic axis counts
     * @param up the unit of the other one
     */
    CurvePlot(String title, String across, String up) {
        this.title = title;
        this.across = across;
        this.up = up;
    }

    void add(String curve, double x, double y) {
        curves.computeIfAbsent(curve, none -> new TreeMap<>()).put(x, y);
    }

    /** Nothing to see with fewer than two places on the axis. */
    boolean isEmpty() {
        return places().size() < 2;
    }

    String title() {
        return title;
    }

    /** The plot as SVG, for a page that has the classes of {@link HtmlReport}. */
    String svg() {
        StringBuilder svg = new StringBuilder(String.format(
                Locale.ROOT,
                "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">\n",
                WIDTH,
                HEIGHT,
                Html.escaped(title)));
        double top = round(curves.values().stream()
                .flatMap(curve -> curve.values().stream())
                .max(Comparator.naturalOrder())
                .orElse(1.0));
        axes(svg, top);
        int number = 0;
        for (Map.Entry<String, SortedMap<Double, Double>> curve : curves.entrySet()) {
            append(svg, curve.getKey(), curve.getValue(), top, number++);
        }
        return svg.append("</svg>\n").toString();
    }

    private void axes(StringBuilder svg, double top) {
        for (int i = 0; i <= TICKS; i++) {
            double value = top * i / TICKS;
            svg.append(String.format(
                    Locale.ROOT,
                    "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%3$.1f\" y2=\"%3$.1f\"/><text class=\"name\" x=\"%4$d\" y=\"%5$.1f\">%6$s</text>\n",
                    LEFT,
                    WIDTH - RIGHT,
                    y(value, top),
                    LEFT - 8,
                    y(value, top) + 4,
                    Numbers.short3(value)));
        }
        for (double place : places()) {
            svg.append(String.format(
                    Locale.ROOT,
                    "<text class=\"tick\" x=\"%.1f\" y=\"%d\">%s</text>\n",
                    x(place),
                    HEIGHT - BOTTOM + 20,
                    Numbers.short3(place)));
        }
        svg.append(String.format(
                Locale.ROOT,
                "<text class=\"tick\" x=\"%d\" y=\"%d\">%s</text><text class=\"axis\" x=\"%d\" y=\"12\">%s</text>\n",
                (LEFT + WIDTH - RIGHT) / 2,
                HEIGHT - 6,
                Html.escaped(across),
                LEFT,
                Html.escaped(up)));
    }

    private void append(StringBuilder svg, String name, SortedMap<Double, Double> curve, double top, int number) {
        StringBuilder points = new StringBuilder();
        curve.forEach((x, y) -> points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(x), y(y, top))));
        String kind = "c" + number % 6;
        svg.append("<polyline class=\"")
                .append(kind)
                .append("\" points=\"")
                .append(points.toString().strip())
                .append("\"/>\n");
        curve.forEach((x, y) -> svg.append(String.format(
                Locale.ROOT,
                "<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"4\"><title>%s: %s %s</title></circle>\n",
                kind,
                x(x),
                y(y, top),
                Html.escaped(name),
                Numbers.short3(y),
                Html.escaped(up))));
        int at = TOP + 8 + number * 22;
        svg.append(String.format(
                Locale.ROOT,
                "<circle class=\"%s\" cx=\"%d\" cy=\"%d\" r=\"5\"/><text class=\"axis\" x=\"%d\" y=\"%d\">%s</text>\n",
                kind,
                WIDTH - RIGHT + 24,
                at,
                WIDTH - RIGHT + 36,
                at + 4,
                Html.escaped(name)));
    }

    private List<Double> places() {
        return curves.values().stream()
                .flatMap(curve -> curve.keySet().stream())
                .distinct()
                .sorted()
                .collect(java.util.stream.Collectors.toCollection(ArrayList::new));
    }

    private double x(double place) {
        List<Double> places = places();
        double first = places.get(0);
        double last = places.get(places.size() - 1);
        double share = first == last ? 0.5 : Math.log(place / first) / Math.log(last / first);
        return LEFT + 20 + (WIDTH - RIGHT - LEFT - 40) * share;
    }

    private static double y(double value, double top) {
        return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * value / top;
    }

    /** The next of 1, 2, 4, 5 and 8 times a power of ten. */
    private static double round(double value) {
        double power = Math.pow(10, Math.floor(Math.log10(value)));
        return List.of(1.0, 2.0, 4.0, 5.0, 8.0, 10.0).stream()
                .map(step -> step * power)
                .filter(step -> step >= value)
                .findFirst()
                .orElse(10 * power);
    }
}
