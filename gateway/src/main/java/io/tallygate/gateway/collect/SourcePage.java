package io.tallygate.gateway.collect;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;

/**
 * A whole page of what a source lists.
 *
 * @param rows as they came, numbers exact; none of them is checked yet
 * @param next where the next page is; empty if this is the last one
 * @param beginsAnew whether it is the first of another listing: a row of it that is like one of the listing before is the same one
 */
public record SourcePage(List<JsonNode> rows, Optional<String> next, boolean beginsAnew) {
    /** A page that goes on with the listing. */
    public SourcePage(List<JsonNode> rows, Optional<String> next) {
        this(rows, next, false);
    }
}
