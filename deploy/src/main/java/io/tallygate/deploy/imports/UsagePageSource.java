package io.tallygate.deploy.imports;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tallygate.deploy.client.ExactJson;
import io.tallygate.gateway.collect.UnreadableUsageException;
import io.tallygate.gateway.collect.UsagePageRow;
import io.tallygate.gateway.http.Excerpt;
import java.io.CharConversionException;
import java.io.IOException;

/**
 * The usage in saved pages of the usage API: one or more JSON documents {@code {"value":[…],"nextLink":…}}. A daily (or
 * longer) aggregate is spread over its hours. The identity of a record is the file and its place in it: source
 * {@code usage-api:<sha256 of the file>}, id {@code <row>/<hour>}.
 */
final class UsagePageSource implements UsageSource {
    private static final ObjectReader ROW =
            ExactJson.MAPPER.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final CountingInputStream bytes;
    private final String source;
    private JsonParser json;
    private long rows;
    private long line = 1;
    private UsagePageRow row;
    private int hour;
    private boolean inValue;
    private boolean ended;

    private UsagePageSource(CountingInputStream bytes, String source) {
        this.bytes = bytes;
        this.source = source;
    }

    /** Opens a file. */
    static UsagePageSource open(InputFile file) throws IOException {
        return new UsagePageSource(CountingInputStream.open(file.path()), "usage-api:" + file.sha256());
    }

    @Override
    public ImportItem next() throws IOException {
        if (row != null && hour < row.period().hours()) {
            return event();
        }
        row = null;
        if (ended) {
            return null;
        }
        try {
            if (json == null) {
                // Here and not on opening: it looks at the first bytes, and may find that they are no text.
                json = ExactJson.MAPPER.createParser(bytes);
            }
            ended = !advance();
            return ended ? null : read();
        } catch (JsonProcessingException malformed) {
            ended = true;
            line = malformed.getLocation() == null
                    ? line
                    : malformed.getLocation().getLineNr();
            return unreadable(new UnreadableUsageException(
                    "MalformedJson",
                    null,
                    "from here on it is not JSON: " + Excerpt.oneLine(malformed.getOriginalMessage())));
        } catch (CharConversionException notText) {
            ended = true;
            return unreadable(new UnreadableUsageException("MalformedJson", null, "from here on it is not UTF-8"));
        } catch (UnreadableUsageException reason) {
            return unreadable(reason);
        }
    }

    private ImportItem read() throws IOException, UnreadableUsageException {
        line = json.currentTokenLocation().getLineNr();
        rows++;
        row = row(ROW.readTree(json));
        hour = 0;
        return event();
    }

    private static UsagePageRow row(JsonNode aggregate) throws UnreadableUsageException {
        UsagePageRow row = UsagePageRow.of(aggregate, text -> JsonText.object("instanceData", text));
        if (row.additionalInfo() != null && !row.additionalInfo().isObject()) {
            throw UnreadableUsageException.property("additionalInfo", "expected a JSON object or null");
        }
        return row;
    }

    private ImportItem event() throws IOException {
        try {
            return new ImportItem.Event(line, usage(hour++).json());
        } catch (JsonProcessingException unwritable) {
            // A number in additionalInfo with an exponent that nothing sensible has.
            row = null;
            return unreadable(UnreadableUsageException.property(
                    "instanceData", Excerpt.oneLine(unwritable.getOriginalMessage())));
        }
    }

    private UsageEvent usage(int index) {
        return new UsageEvent(
                source,
                rows + "/" + index,
                row.subscriptionId(),
                row.meterId(),
                row.resourceUri(),
                row.location(),
                row.tags(),
                (ObjectNode) row.additionalInfo(),
                row.spread().hour(index),
                row.period().hour(index));
    }

    private Refusal unreadable(UnreadableUsageException reason) {
        return Refusal.unreadable(line, source, Long.toString(rows), reason);
    }

    /** Moves on to the next element of a {@code value} array; false at the end of the file. */
    private boolean advance() throws IOException, UnreadableUsageException {
        if (inValue) {
            if (json.nextToken() != JsonToken.END_ARRAY) {
                return true;
            }
            inValue = false;
        }
        for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
            boolean inPage = json.getParsingContext().inObject();
            if (token == JsonToken.START_ARRAY && "value".equals(json.currentName())) {
                inValue = json.nextToken() != JsonToken.END_ARRAY;
                if (inValue) {
                    return true;
                }
            } else if (token == JsonToken.START_ARRAY) {
                json.skipChildren();
            } else if (token == JsonToken.START_OBJECT && json.currentName() != null) {
                json.skipChildren();
            } else if (!inPage && token.isScalarValue()) {
                throw UnreadableUsageException.property("value", "expected pages like {\"value\":[…]}");
            }
        }
        return false;
    }

    @Override
    public long bytesRead() {
        return bytes.count();
    }

    @Override
    public void close() throws IOException {
        if (json != null) {
            json.close();
        }
        bytes.close();
    }
}
