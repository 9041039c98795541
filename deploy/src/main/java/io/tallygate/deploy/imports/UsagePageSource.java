package io.tallygate.deploy.imports;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.gateway.collect.UnreadableUsageException;
import io.tallygate.gateway.collect.UsagePageRow;
import io.tallygate.gateway.http.Excerpt;
import java.io.IOException;

/**
 * The usage in saved pages of the usage API: one or more JSON documents {@code {"value":[…],"nextLink":…}}. A daily (or
 * longer) aggregate is spread over its hours. The identity of a record is the file and its place in it: source
 * {@code usage-api:<sha256 of the file>}, id {@code <row>/<hour>}.
 */
final class UsagePageSource implements UsageSource {
    private final CountingInputStream bytes;
    private final PageRows rows;
    private final String source;
    private UsagePageRow row;
    private int hour;

    private UsagePageSource(CountingInputStream bytes, String source) {
        this.bytes = bytes;
        this.rows = new PageRows(bytes, UsagePageSource::row);
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
        hour = 0;
        try {
            UsageRows.Row next = rows.next();
            if (next == null) {
                return null;
            }
            row = next.usage();
        } catch (UnreadableUsageException reason) {
            return unreadable(reason);
        }
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
            UsageEvent event = UsageEvent.of(source, rows.rows() + "/" + hour, row, hour);
            hour++;
            return new ImportItem.Event(rows.line(), event.json());
        } catch (JsonProcessingException unwritable) {
            // A number in additionalInfo with an exponent that nothing sensible has.
            row = null;
            return unreadable(UnreadableUsageException.property(
                    "instanceData", Excerpt.oneLine(unwritable.getOriginalMessage())));
        }
    }

    private Refusal unreadable(UnreadableUsageException reason) {
        return Refusal.unreadable(rows.line(), source, Long.toString(rows.rows()), reason);
    }

    @Override
    public long bytesRead() {
        return bytes.count();
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }
}
