package io.tallygate.deploy.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A run for people, as one page that needs nothing else: plots and the table, in light and in dark. */
final class HtmlReport {
    private static final Pattern CLIENTS = Pattern.compile("pages\\.(operator|tenant)\\.(\\d+)");
    private static final Pattern GROWTH = Pattern.compile("growth\\.(stream|page)\\.(\\d+)");
    private static final String HEAD = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Tallygate benchmark</title>
            <style>
            :root { color-scheme: light dark; --paper: #fff; --ink: #1c2024; --soft: #60646c; --rule: #d9d9e0; --met: #18794e;
              --missed: #ca244d; --c0: #0d74ce; --c1: #ab6400; --c2: #18794e; --c3: #cb1d63; --c4: #6550b9; --c5: #60646c; }
            @media (prefers-color-scheme: dark) {
              :root { --paper: #111113; --ink: #edeef0; --soft: #b0b4ba; --rule: #363a3f; --met: #3dd68c; --missed: #ff9592;
                --c0: #70b8ff; --c1: #ffca16; --c2: #3dd68c; --c3: #ff8dcc; --c4: #baa7ff; --c5: #b0b4ba; }
            }
            body { background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto;
              max-width: 76rem; padding: 0 1rem; }
            svg { width: 100%; max-width: 60rem; height: auto; font-size: 13px; }
            svg text { fill: var(--ink); } .tick { text-anchor: middle; } .name { text-anchor: end; }
            .grid { stroke: var(--rule); } .target { stroke: var(--soft); stroke-dasharray: 4 3; }
            line.met, line.missed { stroke-width: 3; stroke-linecap: round; }
            line.met { stroke: var(--met); } circle.met { fill: var(--met); }
            line.missed { stroke: var(--missed); } circle.missed { fill: var(--missed); }
            polyline { fill: none; stroke-width: 2; }
            .c0 { stroke: var(--c0); } circle.c0 { fill: var(--c0); } .c1 { stroke: var(--c1); } circle.c1 { fill: var(--c1); }
            .c2 { stroke: var(--c2); } circle.c2 { fill: var(--c2); } .c3 { stroke: var(--c3); } circle.c3 { fill: var(--c3); }
            .c4 { stroke: var(--c4); } circle.c4 { fill: var(--c4); } .c5 { stroke: var(--c5); } circle.c5 { fill: var(--c5); }
            .wide { overflow-x: auto; } table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
            th, td { border-bottom: 1px solid var(--rule); padding: .25rem .6rem; text-align: left; vertical-align: top; }
            td small { color: var(--soft); display: block; } dt { color: var(--soft); float: left; clear: left; width: 12rem; }
            dd { margin-left: 12.5rem; } .no { color: var(--missed); font-weight: 600; } .yes { color: var(--met); }
            </style>
            </head>
            <body>
            <h1>Tallygate benchmark</h1>
            """;

    private HtmlReport() {}

    static String of(Run run) {
        StringBuilder page = new StringBuilder(HEAD);
        page.append(
                "<p>Ratios of the gateway to a floor that was measured in turn with it; medians of the rounds, and their"
                        + " spread.</p>\n");
        RangePlot targets = new RangePlot();
        run.lines().stream().filter(line -> line.target() != null).forEach(targets::add);
        if (!targets.isEmpty()) {
            page.append("<h2>Targets</h2>\n<p>To the right of the rule a target is met.</p>\n")
                    .append(targets.svg());
        }
        for (CurvePlot plot : curves(run.lines())) {
            if (!plot.isEmpty()) {
                page.append("<h2>")
                        .append(Html.escaped(plot.title()))
                        .append("</h2>\n")
                        .append(plot.svg());
            }
        }
        table(page, run.lines());
        run.missing()
                .forEach((group, why) -> page.append("<p>Not measured: ")
                        .append(Html.escaped(group + ": " + why))
                        .append("</p>\n"));
        facts(page, run.facts());
        return page.append("</body>\n</html>\n").toString();
    }

    private static List<CurvePlot> curves(List<Line> lines) {
        CurvePlot clients = new CurvePlot("Pages of 1,000 rows", "clients at once", "pages/s");
        CurvePlot streams = new CurvePlot("Streams as the data grows", "rows", "rows/s");
        CurvePlot pages = new CurvePlot("Page 1 as the data grows", "rows", "pages/s");
        for (Line line : lines) {
            Matcher page = CLIENTS.matcher(line.id());
            Matcher growth = GROWTH.matcher(line.id());
            if (page.matches()) {
                add(clients, page.group(1) + ": ", page.group(2), line);
            } else if (growth.matches()) {
                add(growth.group(1).equals("stream") ? streams : pages, "", growth.group(2), line);
            }
        }
        return List.of(clients, streams, pages);
    }

    private static void add(CurvePlot plot, String whose, String x, Line line) {
        plot.add(whose + "gateway", Double.parseDouble(x), line.figure());
        plot.add(whose + line.floorName(), Double.parseDouble(x), line.floor());
    }

    private static void table(StringBuilder page, List<Line> lines) {
        page.append("<h2>All lines</h2>\n<div class=\"wide\"><table>\n<tr>");
        TableReport.headings()
                .forEach(heading ->
                        page.append("<th>").append(Html.escaped(heading)).append("</th>"));
        page.append("</tr>\n");
        for (Line line : lines) {
            List<String> cells = new ArrayList<>(TableReport.cells(line));
            page.append("<tr><td>").append(Html.escaped(cells.remove(0)));
            if (!line.note().isEmpty()) {
                page.append("<small>").append(Html.escaped(line.note())).append("</small>");
            }
            page.append("</td>");
            cells.forEach(cell -> page.append(cell(cell)));
            page.append("</tr>\n");
        }
        page.append("</table></div>\n");
    }

    private static String cell(String text) {
        return switch (text) {
            case "yes" -> "<td class=\"yes\">yes</td>";
            case "**no**" -> "<td class=\"no\">no</td>";
            default -> "<td>" + Html.escaped(text) + "</td>";
        };
    }

    private static void facts(StringBuilder page, Map<String, String> facts) {
        page.append("<h2>Where</h2>\n<dl>\n");
        facts.forEach((name, value) -> page.append("<dt>")
                .append(Html.escaped(name))
                .append("</dt><dd>")
                .append(Html.escaped(value))
                .append("</dd>\n"));
        page.append("</dl>\n");
    }
}
