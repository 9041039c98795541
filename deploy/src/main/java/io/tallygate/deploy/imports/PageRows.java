package io.tallygate.deploy.imports;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import io.tallygate.deploy.client.ExactJson;
import io.tallygate.gateway.collect.UnreadableUsageException;
import io.tallygate.gateway.collect.UsagePageRow;
import io.tallygate.gateway.http.Excerpt;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;

/** The rows of saved pages of the usage API: JSON documents {@code {"value":[…],"nextLink":…}}, one after the other. */
final class PageRows implements UsageRows {
    private static final ObjectReader ROW =
            ExactJson.MAPPER.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final InputStream bytes;
    private final RowReader reader;
    private JsonParser json;
    private long line = 1;
    private long rows;
    private boolean inValue;
    private boolean hadValue;
    private boolean ended;

    /** Reads a row of a page. */
    @FunctionalInterface
    interface RowReader {
        UsagePageRow read(JsonNode aggregate) throws UnreadableUsageException;
    }

    /** Of these bytes, without a byte order mark. */
    PageRows(InputStream bytes, RowReader reader) {
        this.bytes = bytes;
        this.reader = reader;
    }

    @Override
    public Row next() throws IOException, UnreadableUsageException {
        if (ended) {
            return null;
        }
        try {
            if (json == null) {
                // Here and not on opening: it looks at the first bytes, and may find that they are no text.
                json = ExactJson.MAPPER.createParser(bytes);
            }
            ended = !advance();
            if (ended) {
                return null;
            }
            rows++;
            return new Row(line, reader.read(ROW.readTree(json)));
        } catch (JsonProcessingException malformed) {
            ended = true;
            line = malformed.getLocation() == null
                    ? line
                    : malformed.getLocation().getLineNr();
            throw new UnreadableUsageException(
                    "MalformedJson",
                    null,
                    "from here on it is not JSON: " + Excerpt.oneLine(malformed.getOriginalMessage()));
        } catch (CharConversionException notText) {
            ended = true;
            throw new UnreadableUsageException("MalformedJson", null, "from here on it is not UTF-8");
        }
    }

    @Override
    public long line() {
        return line;
    }

    /** How many there were so far, those that could not be read included. */
    long rows() {
        return rows;
    }

    /** Moves on to the next element of a {@code value} array; false at the end of the file. */
    private boolean advance() throws IOException, UnreadableUsageException {
        while (true) {
            JsonToken token = json.nextToken();
            if (token == null) {
                return false;
            }
            line = json.currentTokenLocation().getLineNr();
            if (inValue && token != JsonToken.END_ARRAY) {
                return true;
            }
            inValue = !inValue && isValue(token);
        }
    }

    // Of what is not an element of it.
    private boolean isValue(JsonToken token) throws IOException, UnreadableUsageException {
        boolean ofPage = json.currentName() != null;
        if (token == JsonToken.START_OBJECT && !ofPage) {
            hadValue = false;
        } else if (token == JsonToken.START_ARRAY && "value".equals(json.currentName())) {
            hadValue = true;
            return true;
        } else if (token == JsonToken.END_OBJECT && !hadValue) {
            throw noPage();
        } else if (token.isStructStart()) {
            json.skipChildren();
        }
        if (!ofPage && (token.isScalarValue() || token == JsonToken.START_ARRAY)) {
            throw noPage();
        }
        return false;
    }

    private static UnreadableUsageException noPage() {
        return UnreadableUsageException.property("value", "expected pages like {\"value\":[…]}");
    }

    @Override
    public void close() throws IOException {
        if (json != null) {
            json.close();
        }
        bytes.close();
    }
}
