package io.tallygate.deploy.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** A run for programs: every sample, so that whoever doubts a median can make another. */
final class JsonReport {
    private static final ObjectMapper JSON = new ObjectMapper();

    private JsonReport() {}

    static String of(Run run) {
        ObjectNode root = JSON.createObjectNode();
        ObjectNode facts = root.putObject("machine");
        run.facts().forEach(facts::put);
        ArrayNode lines = root.putArray("lines");
        run.lines().forEach(line -> write(lines.addObject(), line));
        ObjectNode missing = root.putObject("notMeasured");
        run.missing().forEach(missing::put);
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static void write(ObjectNode json, Line line) {
        json.put("id", line.id());
        json.put("what", line.what());
        json.put("unit", line.unit());
        json.put("better", line.better().name().toLowerCase(java.util.Locale.ROOT));
        write(json.putObject("figure"), line.figures());
        if (line.hasFloor()) {
            ObjectNode floor = json.putObject("floor").put("is", line.floorName());
            write(floor, line.floors());
            write(json.putObject("ratio"), line.ratios());
        }
        if (line.target() != null) {
            json.put("target", line.target().text(line.unit()));
            json.put("met", line.met().orElseThrow());
        }
        if (line.peakRssMb() != null) {
            json.put("peakRssMb", line.peakRssMb());
        }
        if (!line.note().isEmpty()) {
            json.put("note", line.note());
        }
    }

    private static void write(ObjectNode json, List<Double> samples) {
        json.put("median", Numbers.median(samples));
        ArrayNode all = json.putArray("samples");
        samples.forEach(all::add);
    }
}
