package io.tallygate.gateway.export;

import io.tallygate.gateway.http.Answer;
import io.tallygate.gateway.http.ApiError;
import io.tallygate.gateway.http.QueryParameters;
import io.vertx.ext.web.MIMEHeader;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How usage is answered: in pages, or as one stream of the whole range. */
public enum AnswerFormat {
    /** Pages, as the protocol has them. */
    JSON(Answer.JSON),
    /** A stream of JSON objects, one a line. */
    NDJSON("application/x-ndjson"),
    /** A stream of CSV lines under a header. */
    CSV("text/csv; charset=utf-8; header=present");

    private final String contentType;

    AnswerFormat(String contentType) {
        this.contentType = contentType;
    }

    /**
     * The format that a request asks for: {@code $format} wins, for browsers and spreadsheets that cannot choose their
     * headers; else the one that {@code Accept} prefers. Whoever asks for none that there is gets pages: clients of the
     * protocol send all kinds of things.
     *
     * @param accepted what {@code Accept} says, what is preferred first
     * @throws io.tallygate.gateway.http.ApiException {@code InvalidProperty} for another {@code $format}
     */
    public static AnswerFormat of(List<MIMEHeader> accepted, QueryParameters parameters) {
        return parameters
                .find("$format")
                .map(AnswerFormat::named)
                .orElseGet(() -> accepted.stream()
                        .filter(type -> type.weight() > 0)
                        .flatMap(type -> accepted(type).stream())
                        .findFirst()
                        .orElse(JSON));
    }

    /** Whether the whole range is answered at once. */
    public boolean isStream() {
        return this != JSON;
    }

    /** The answer's {@code Content-Type}. */
    public String contentType() {
        return contentType;
    }

    /** The ending of a file's name. */
    public String extension() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static AnswerFormat named(String name) {
        return Arrays.stream(values())
                .filter(format -> format.name().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> ApiError.InvalidProperty.because("`$format` must be json, ndjson or csv"));
    }

    private static Optional<AnswerFormat> accepted(MIMEHeader type) {
        return switch ((type.component() + "/" + type.subComponent()).toLowerCase(Locale.ROOT)) {
            case "application/json", "application/*", "*/*" -> Optional.of(JSON);
            case "application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines" ->
                Optional.of(NDJSON);
            case "text/csv" -> Optional.of(CSV);
            default -> Optional.empty();
        };
    }
}
