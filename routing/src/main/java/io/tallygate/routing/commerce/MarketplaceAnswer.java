package io.tallygate.routing.commerce;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.routing.commerce.SubmissionResult.EventResult;
import io.tallygate.routing.outbound.Detail;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/**
 * Reads the marketplace's JSON: {@code {"count", "result": [{"usageEventId", "status", "messageTime", "resourceId" or
 * "resourceUri", "quantity", "dimension", "effectiveStartTime", "planId", "error"}]}}. Of a duplicate,
 * {@code error.additionalInfo.acceptedMessage} is what was accepted first.
 *
 * @param request the marketplace's id of the request, or null
 */
record MarketplaceAnswer(MarketplaceEcho echo, Submission submission, String request, List<String> secrets) {
    /** What became of each event: a result counts only for the event that it repeats. */
    SubmissionResult results(JsonNode answer) {
        List<JsonNode> results =
                StreamSupport.stream(answer.path("result").spliterator(), false).toList();
        return new SubmissionResult(
                submission.events().stream()
                        .map(event -> result(event, results))
                        .toList(),
                Optional.empty());
    }

    /** What became of the only event, when the whole answer is a 409 as it is documented for single events. */
    SubmissionResult conflict(JsonNode error) {
        EventResult result = duplicate(submission.events().get(0), error);
        return new SubmissionResult(List.of(result), Optional.empty());
    }

    private EventResult result(Submission.Event event, List<JsonNode> results) {
        List<JsonNode> own = results.stream()
                .filter(said -> echo.sameSlot(said, submission.payer(), event))
                .toList();
        if (own.size() != 1) {
            return of(event, Outcome.Nonsense, "the answer has " + own.size() + " results for it");
        }
        JsonNode said = own.get(0);
        if (!echo.sameContent(said, submission.payer(), event)) {
            return of(event, Outcome.Nonsense, "the answer repeats another quantity or plan");
        }
        String status = said.path("status").asText();
        if (status.equals("Duplicate")) {
            return duplicate(event, said.path("error"));
        }
        Outcome outcome = outcome(status);
        String detail = outcome == Outcome.Accepted ? null : status + Detail.of(said.path("error"), secrets);
        return new EventResult(event.key(), outcome, id(said), detail == null ? null : Detail.of(detail));
    }

    // ResourceNotActive is in no table of the reference, but in Microsoft's own client: a subscription that is
    // suspended.
    private static Outcome outcome(String status) {
        return switch (status) {
            case "Accepted" -> Outcome.Accepted;
            case "Expired" -> Outcome.Expired;
            case "Error" -> Outcome.Error;
            case "ResourceNotFound" -> Outcome.ResourceNotFound;
            case "ResourceNotAuthorized" -> Outcome.NotAuthorized;
            case "ResourceNotActive", "NotSubscribed" -> Outcome.NotSubscribed;
            case "InvalidDimension" -> Outcome.InvalidDimension;
            case "InvalidQuantity" -> Outcome.InvalidQuantity;
            case "BadArgument" -> Outcome.BadArgument;
            default -> Outcome.Nonsense;
        };
    }

    private EventResult duplicate(Submission.Event event, JsonNode error) {
        JsonNode accepted = error.path("additionalInfo").path("acceptedMessage");
        if (!accepted.isObject()) {
            // It may be ours and it may be another's: a person must look, and nothing is counted as billed until then.
            return of(event, Outcome.Conflict, "the endpoint says Duplicate, but not of what: compare by hand");
        }
        return echo.sameContent(accepted, submission.payer(), event)
                ? new EventResult(event.key(), Outcome.Duplicate, id(accepted), null)
                : new EventResult(
                        event.key(), Outcome.Conflict, id(accepted), "another event was accepted under its hour");
    }

    private String id(JsonNode said) {
        JsonNode id = said.path("usageEventId");
        return id.isTextual() && !id.asText().isEmpty() ? Detail.of(id.asText(), secrets) : request;
    }

    private EventResult of(Submission.Event event, Outcome outcome, String detail) {
        return new EventResult(event.key(), outcome, request, detail);
    }

    /** Without what must not be written down. */
    @Override
    public String toString() {
        return "MarketplaceAnswer[" + request + "]";
    }
}
