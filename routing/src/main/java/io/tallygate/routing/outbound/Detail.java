package io.tallygate.routing.outbound;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;
import java.util.Optional;

/** What is written down for people about an answer: short, printable, and without our secrets if it repeats them. */
public final class Detail {
    private static final int MAX_LENGTH = 300;

    private Detail() {}

    /** One printable line of at most 300 characters. */
    public static String of(String text) {
        String line = text.replaceAll("[\\p{Cntrl}\\p{Cs}\\s]+", " ").strip();
        return line.length() <= MAX_LENGTH ? line : line.substring(0, MAX_LENGTH - 1) + "…";
    }

    /** The status with the fields {@code code} and {@code message} of the body, if it is a JSON object that has them. */
    public static String of(HttpReply.Answer answer, Collection<String> secrets) {
        String text = "HTTP " + answer.status()
                + AnswerJson.read(answer.body()).map(body -> of(body, secrets)).orElse("");
        return of(text);
    }

    /** The fields {@code code} and {@code message} of an error, each after a blank; nothing of a field that is not there. */
    public static String of(JsonNode error, Collection<String> secrets) {
        return without(secrets, field(error, "code") + field(error, "message"));
    }

    /** One printable line of at most 300 characters, such as the endpoint's id of the request; null for null. */
    public static String of(String text, Collection<String> secrets) {
        return text == null ? null : of(without(secrets, text));
    }

    private static String without(Collection<String> secrets, String text) {
        String clean = text;
        for (String secret : secrets) {
            clean = clean.replace(secret, "***");
        }
        return clean;
    }

    private static String field(JsonNode error, String name) {
        return Optional.ofNullable(error.get(name))
                .filter(value -> value.isValueNode() && !value.isNull())
                .map(value -> " " + value.asText())
                .orElse("");
    }
}
