package io.tallygate.deploy.operate;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.deploy.client.StoppedException;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sources reported}: who reports usage, and for which hours not. */
@Command(
        name = "reported",
        description = "Lists the sources of usage with the hours for which they reported none.",
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class ReportedSources extends OperatorCommand {
    private static final List<String> COLUMNS =
            List.of("source", "firstHour", "lastHour", "records", "hoursWithout", "gaps");
    private static final int SHOWN_GAPS = 3;

    @Option(
            names = "--from",
            paramLabel = "HOUR",
            description = "The first UTC hour of usage, as 2026-11-20T13:00:00Z. Default: 7 days before --to.")
    private String from;

    @Option(
            names = "--to",
            paramLabel = "HOUR",
            description = "The hour after the last one, at most 31 days later. Default: the current one.")
    private String to;

    @Mixin
    private Listing listing;

    ReportedSources(Map<String, String> environment) {
        super(environment);
    }

    @Override
    int run(OperatorClient gateway, PrintWriter out) throws StoppedException {
        Map<String, String> query = new HashMap<>();
        query.put("from", from);
        query.put("to", to);
        listing.print(gateway, "/usage/sources", query, COLUMNS, ReportedSources::cell, out, err());
        return 0;
    }

    private static String cell(JsonNode source, String column) {
        return switch (column) {
            case "hoursWithout" ->
                Long.toString(gaps(source).stream()
                        .mapToLong(gap -> gap.path("hours").asLong())
                        .sum());
            case "gaps" -> shown(gaps(source));
            default -> TextTable.cell(source.path(column));
        };
    }

    private static List<JsonNode> gaps(JsonNode source) {
        return StreamSupport.stream(source.path("gaps").spliterator(), false).toList();
    }

    // The last ones: what is missing now matters most.
    private static String shown(List<JsonNode> gaps) {
        int left = Math.max(0, gaps.size() - SHOWN_GAPS);
        String last = gaps.subList(left, gaps.size()).stream()
                .map(gap -> gap.path("from").asText() + " to " + gap.path("to").asText())
                .collect(Collectors.joining(", "));
        return left == 0 ? last : left + " more, " + last;
    }
}
