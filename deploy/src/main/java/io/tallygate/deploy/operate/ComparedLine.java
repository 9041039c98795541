package io.tallygate.deploy.operate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.List;

/**
 * An entry of an endpoint's book and what the gateway says of it.
 *
 * @param result {@code differs}, {@code in flight}, {@code matches}, {@code unknown} or {@code delivered}
 * @param match the gateway's answer; without {@code key} if there is no event
 */
record ComparedLine(BookLine line, String result, JsonNode match) {
    private static final List<String> RANKS = List.of("differs", "in flight", "matches", "unknown", "delivered");

    /** What a person must look at first comes first. */
    static final Comparator<ComparedLine> ORDER = Comparator.<ComparedLine>comparingInt(
                    compared -> RANKS.indexOf(compared.result))
            .thenComparingInt(compared -> compared.line.number());

    /** The columns of {@link #cells}: {@code billed} is the endpoint's quantity, {@code here} the event's. */
    static final List<String> COLUMNS = List.of(
            "entry",
            "result",
            "billed",
            "here",
            "state",
            "payerSubscriptionId",
            "dimension",
            "effectiveTime",
            "key",
            "eventKey");

    /** @param apply whether what matches was to be marked: what is in flight was not */
    static ComparedLine of(BookLine line, JsonNode match, boolean apply) {
        String result = TextTable.cell(match.path("result"));
        boolean flying = apply && match.path("inFlight").asBoolean() && result.equals("matches");
        return new ComparedLine(line, flying ? "in flight" : result, match);
    }

    /** Whether it is here, with the same content. */
    boolean agrees() {
        return result.equals("matches") || result.equals("delivered");
    }

    /** Whether there is nothing to be told of it. */
    boolean isDelivered() {
        return result.equals("delivered");
    }

    /** The key of the event here; empty if there is none. */
    String eventKey() {
        return TextTable.cell(match.path("key"));
    }

    /** A line of the table. */
    List<String> cells() {
        ObjectNode json = json();
        return COLUMNS.stream().map(column -> TextTable.cell(json.path(column))).toList();
    }

    /** All of it; what is not known is left out. */
    ObjectNode json() {
        ObjectNode json = OperatorClient.object().put("entry", line.number()).put("result", result);
        json.setAll(line.json());
        json.remove("quantity");
        json.put("billed", line.quantity());
        if (match.has("key")) {
            json.set("here", match.path("quantity"));
            json.set("state", match.path("state"));
            json.set("applied", match.path("applied"));
            json.set("eventKey", match.path("key"));
        }
        return json;
    }
}
