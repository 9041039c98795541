package io.tallygate.deploy.imports;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.deploy.client.ExactJson;
import io.tallygate.deploy.client.GatewayAnswer;
import io.tallygate.deploy.client.StoppedException;
import io.tallygate.deploy.client.TryAgainException;
import io.tallygate.gateway.http.Excerpt;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What became of the records of a chunk.
 *
 * @param totals how many records had each outcome
 * @param refusals those not taken that the gateway listed, with the lines of the input file
 */
record ChunkAnswer(Map<String, Long> totals, List<Refusal> refusals) {
    /** The gateway's outcomes. */
    static final List<String> OUTCOMES = List.of("Accepted", "Duplicate", "Conflict", "Quarantined", "Rejected");

    /**
     * Reads the gateway's NDJSON: a line for each refused record, and a last one of totals.
     *
     * @throws TryAgainException if the answer ended early: the store failed, or the connection did
     * @throws StoppedException if it is no such answer, or does not account for every record
     */
    static ChunkAnswer read(GatewayAnswer answer, Chunk chunk) throws TryAgainException, StoppedException {
        List<Refusal> refusals = new ArrayList<>();
        for (String text : (Iterable<String>) answer.body().lines()::iterator) {
            JsonNode line = line(text, answer);
            if (line.has("durableThroughLine")) {
                throw new TryAgainException(
                        "the gateway's store failed after record "
                                + line.path("durableThroughLine").asText() + " of " + chunk.size() + ": "
                                + Excerpt.of(line.path("error").toString()),
                        null);
            }
            if (line.has("totals")) {
                return new ChunkAnswer(totals(line.get("totals"), chunk), refusals);
            }
            if (line.has("outcome")) {
                refusals.add(refusal(line, chunk));
            }
        }
        String why = answer.failure() == null ? "no totals" : answer.failure().toString();
        throw new TryAgainException("the gateway's answer ended early: " + Excerpt.oneLine(why), null);
    }

    private static JsonNode line(String text, GatewayAnswer answer) throws TryAgainException, StoppedException {
        try {
            return ExactJson.MAPPER.readTree(text);
        } catch (JsonProcessingException malformed) {
            if (answer.failure() != null) {
                throw new TryAgainException("the gateway's answer was cut off", null);
            }
            throw new StoppedException("expected a line of JSON from the gateway, got " + Excerpt.of(text));
        }
    }

    private static Refusal refusal(JsonNode line, Chunk chunk) {
        return new Refusal(
                chunk.inputLine(line.path("line").asInt()),
                line.path("source").asText(null),
                line.path("id").asText(null),
                line.path("outcome").asText(),
                line.path("code").asText(null),
                line.path("field").asText(null),
                line.path("message").asText(null));
    }

    private static Map<String, Long> totals(JsonNode totals, Chunk chunk) throws StoppedException {
        Map<String, Long> counts = new LinkedHashMap<>();
        for (String outcome : OUTCOMES) {
            counts.put(outcome, totals.path(outcome).asLong());
        }
        long sum = counts.values().stream().mapToLong(Long::longValue).sum();
        if (sum != chunk.size()) {
            throw new StoppedException(
                    "sent " + chunk.size() + " records, the gateway accounts for " + sum + ": " + totals);
        }
        return counts;
    }
}
