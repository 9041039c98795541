package io.tallygate.gateway.collect;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.gateway.collect.SourceException.Kind;
import io.tallygate.gateway.collect.SourceHttp.Reply;
import io.tallygate.routing.outbound.AnswerJson;
import io.tallygate.routing.outbound.Detail;
import io.tallygate.routing.outbound.HttpReply.Answer;
import io.tallygate.routing.outbound.HttpReply.Failure;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads what a source answers: a whole page, or why there is none. */
final class SourceAnswer {
    // The second: its clock is a little behind ours.
    private static final Set<String> NOT_YET = Set.of("ProcessingNotCompleted", "RequestEndTimeIsInFuture");

    // Usual are a thousand; a row of a day is 24 records.
    private static final int MAX_ROWS = 5_000;

    private SourceAnswer() {}

    /**
     * The page that was answered.
     *
     * @param first the address of the first page
     * @param asked the address of this one
     * @throws SourceException if it is none, or not all of it
     */
    static SourcePage page(URI first, URI asked, Reply reply) {
        JsonNode page = object(reply);
        JsonNode value = page.path("value");
        if (!value.isArray()) {
            throw malformed("`value` is missing: expected an array");
        }
        if (value.size() > MAX_ROWS) {
            throw malformed("more than " + MAX_ROWS + " rows in a page");
        }
        List<JsonNode> rows = new ArrayList<>(value.size());
        value.forEach(rows::add);
        return new SourcePage(rows, next(first, asked, page.path("nextLink")));
    }

    /**
     * The JSON object that was answered.
     *
     * @throws SourceException if it is none, or not all of it
     */
    static JsonNode object(Reply reply) {
        if (reply.reply() instanceof Failure failure) {
            throw new SourceException(kind(failure), failure.detail(), failure.retryAfter());
        }
        Answer answer = (Answer) reply.reply();
        if (answer.status() != 200) {
            throw refusal(answer, reply.secrets());
        }
        return AnswerJson.read(answer.body())
                .orElseThrow(() -> malformed(
                        "the answer is not one JSON object (" + answer.body().length() + " bytes)"));
    }

    /** Where the link of a page leads; empty if it has none. */
    static Optional<String> next(URI first, URI asked, JsonNode link) {
        if (link.isMissingNode() || link.isNull()) {
            return Optional.empty();
        }
        if (!link.isTextual()) {
            throw malformed("`nextLink` is no text");
        }
        String text = link.textValue().strip();
        return text.isEmpty()
                ? Optional.empty()
                : Optional.of(NextLink.resolve(first, asked, text).toString());
    }

    private static SourceException refusal(Answer answer, List<String> secrets) {
        JsonNode error = AnswerJson.read(answer.body())
                .map(body -> body.path("error").isObject() ? body.path("error") : body)
                .orElse(null);
        String detail = "HTTP " + answer.status() + (error == null ? "" : Detail.of(error, secrets));
        String code = error == null ? "" : error.path("code").asText();
        return new SourceException(kind(answer, code), detail, answer.retryAfter());
    }

    private static Kind kind(Answer answer, String code) {
        int status = answer.status();
        if (status == 202 || NOT_YET.contains(code)) {
            return Kind.NotProcessed;
        }
        if (status == 429 || (status == 503 && answer.retryAfter().isPresent())) {
            return Kind.Throttled;
        }
        if (status == 401 || status == 403) {
            return Kind.Unauthorized;
        }
        return status >= 500 || status == 408 ? Kind.Away : Kind.Malformed;
    }

    private static Kind kind(Failure failure) {
        return switch (failure.trouble()) {
            case NotSent, NoAnswer -> Kind.Away;
            case TooLarge -> Kind.Malformed;
            case Unauthorized -> Kind.Unauthorized;
        };
    }

    private static SourceException malformed(String what) {
        return new SourceException(Kind.Malformed, what);
    }
}
