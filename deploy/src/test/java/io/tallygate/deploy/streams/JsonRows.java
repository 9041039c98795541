package io.tallygate.deploy.streams;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** The rows of JSON answers, each as the text that was sent. */
final class JsonRows {
    private JsonRows() {}

    static List<String> ofPage(String page) {
        List<String> rows = new ArrayList<>();
        try (JsonParser parser = new JsonFactory().createParser(page)) {
            while (!"value".equals(parser.currentName())) {
                if (parser.nextToken() == null) {
                    throw new AssertionError("No page: " + page);
                }
            }
            parser.nextToken();
            while (parser.nextToken() == JsonToken.START_OBJECT) {
                int start = (int) parser.currentTokenLocation().getCharOffset();
                parser.skipChildren();
                rows.add(page.substring(
                        start, (int) parser.currentTokenLocation().getCharOffset() + 1));
            }
            return rows;
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** Lines end in LF; other line separators are text. */
    static List<String> ofLines(String lines) {
        if (lines.isEmpty()) {
            return List.of();
        }
        if (!lines.endsWith("\n")) {
            throw new AssertionError("The last line has no end: " + lines);
        }
        return List.of(lines.substring(0, lines.length() - 1).split("\n", -1));
    }
}
