package io.tallygate.deploy.imports;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.tallygate.gateway.collect.UnreadableUsageException;
import io.tallygate.gateway.http.Excerpt;
import io.vertx.core.buffer.Buffer;
import java.io.CharConversionException;
import java.io.IOException;

/**
 * CloudEvents, one a line. The lines are posted as they stand there: that each is one JSON object is all that is
 * checked here, the gateway does the rest.
 */
final class EventLineSource implements UsageSource {
    /** The longest line that is posted, in bytes. */
    static final int LONGEST_LINE = 1 << 20;

    private final CountingInputStream bytes;
    private final LineReader lines;

    private EventLineSource(CountingInputStream bytes) {
        this.bytes = bytes;
        this.lines = new LineReader(bytes, LONGEST_LINE);
    }

    /** Opens a file. */
    static EventLineSource open(InputFile file) throws IOException {
        return new EventLineSource(CountingInputStream.open(file.path()));
    }

    @Override
    public ImportItem next() throws IOException {
        byte[] line = lines.next();
        while (line != null && !lines.tooLong() && isBlank(line)) {
            line = lines.next();
        }
        if (line == null) {
            return null;
        }
        try {
            if (lines.tooLong()) {
                throw new UnreadableUsageException(
                        "LineTooLong", null, "expected at most " + LONGEST_LINE + " bytes on a line");
            }
            requireObject(line);
            return new ImportItem.Event(lines.line(), Buffer.buffer(line));
        } catch (UnreadableUsageException reason) {
            return Refusal.unreadable(lines.line(), null, null, reason);
        }
    }

    private static void requireObject(byte[] line) throws IOException, UnreadableUsageException {
        try (JsonParser json = JsonText.PASSED_ON.createParser(line)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw malformed("expected a JSON object");
            }
            json.skipChildren();
            if (json.nextToken() != null) {
                throw malformed("expected one JSON object, found more behind it");
            }
        } catch (JsonProcessingException malformed) {
            throw malformed("expected a JSON object: " + Excerpt.oneLine(malformed.getOriginalMessage()));
        } catch (CharConversionException notText) {
            throw malformed("expected a JSON object in UTF-8");
        }
    }

    private static UnreadableUsageException malformed(String message) {
        return new UnreadableUsageException("MalformedJson", null, message);
    }

    private static boolean isBlank(byte[] line) {
        for (byte octet : line) {
            if (octet != ' ' && octet != '\t' && octet != '\r') {
                return false;
            }
        }
        return true;
    }

    @Override
    public long bytesRead() {
        return bytes.count();
    }

    @Override
    public void close() throws IOException {
        bytes.close();
    }
}
