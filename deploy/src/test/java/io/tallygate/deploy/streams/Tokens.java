package io.tallygate.deploy.streams;

import io.tallygate.deploy.testing.HttpCaller.Answer;

/** Continuation tokens in what was answered. */
final class Tokens {
    private static final String LINK = "continuationToken=";

    private Tokens() {}

    /** Of a line of NDJSON; empty if it has none. */
    static String ofLine(String line) {
        return Answer.parse(line).path("continuationToken").asText();
    }

    /** Of a page's link to the next. */
    static String ofPage(Answer page) {
        String link = page.json().path("nextLink").asText();
        return link.substring(link.indexOf(LINK) + LINK.length());
    }

    /** A line of NDJSON without its token, as it is where none was asked for. */
    static String without(String line) {
        String token = ofLine(line);
        return token.isEmpty() ? line : line.replace(",\"continuationToken\":\"" + token + "\"}", "}");
    }
}
