package io.tallygate.deploy.imports;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.tallygate.gateway.collect.UnreadableUsageException;
import io.tallygate.gateway.http.Excerpt;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.CharConversionException;
import java.io.IOException;

/** CloudEvents as JSON documents: single events, or arrays of them (a batch). Each is posted on a line of its own. */
final class EventDocumentSource implements UsageSource {
    private final CountingInputStream bytes;
    private final JsonParser json;
    private long line = 1;
    private boolean ended;

    private EventDocumentSource(CountingInputStream bytes, JsonParser json) {
        this.bytes = bytes;
        this.json = json;
    }

    /** Opens a file. */
    static EventDocumentSource open(InputFile file) throws IOException {
        CountingInputStream bytes = CountingInputStream.open(file.path());
        return new EventDocumentSource(bytes, JsonText.PASSED_ON.createParser(bytes));
    }

    @Override
    public ImportItem next() throws IOException {
        if (ended) {
            return null;
        }
        try {
            JsonToken token = json.nextToken();
            while (token == JsonToken.END_ARRAY || token == JsonToken.START_ARRAY) {
                token = json.nextToken();
            }
            ended = token == null;
            return ended ? null : event(token);
        } catch (JsonProcessingException malformed) {
            ended = true;
            line = malformed.getLocation() == null
                    ? line
                    : malformed.getLocation().getLineNr();
            return unreadable("from here on it is not JSON: " + Excerpt.oneLine(malformed.getOriginalMessage()));
        } catch (CharConversionException notText) {
            ended = true;
            return unreadable("from here on it is not UTF-8");
        }
    }

    private ImportItem event(JsonToken token) throws IOException {
        line = json.currentTokenLocation().getLineNr();
        if (token != JsonToken.START_OBJECT) {
            return unreadable("expected a JSON object");
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
        try (JsonGenerator copy = JsonText.PASSED_ON.createGenerator(out)) {
            copy.copyCurrentStructureExact(json);
        }
        return new ImportItem.Event(line, Buffer.buffer(out.toByteArray()));
    }

    private Refusal unreadable(String message) {
        return Refusal.unreadable(line, null, null, new UnreadableUsageException("MalformedJson", null, message));
    }

    @Override
    public long bytesRead() {
        return bytes.count();
    }

    @Override
    public void close() throws IOException {
        json.close();
        bytes.close();
    }
}
