package io.tallygate.deploy.imports;

import io.tallygate.gateway.collect.UnreadableUsageException;
import io.tallygate.gateway.collect.UsagePageRow;
import java.io.IOException;

/**
 * The usage in a FOCUS file. The identity of a record is the file and its place in it: source
 * {@code focus:<sha256 of the file>}, id {@code <line>/<hour>}.
 */
final class FocusSource implements UsageSource {
    private final FocusCsv csv;
    private final String source;
    private UsagePageRow charge;
    private long line;
    private int hour;

    private FocusSource(FocusCsv csv, String source) {
        this.csv = csv;
        this.source = source;
    }

    /** Opens a file. */
    static FocusSource open(InputFile file) throws IOException {
        return new FocusSource(FocusCsv.open(file.path()), "focus:" + file.sha256());
    }

    @Override
    public ImportItem next() throws IOException {
        if (charge != null && hour < charge.period().hours()) {
            return event();
        }
        if (csv.broken()) {
            return null;
        }
        charge = null;
        try {
            return row(csv.next());
        } catch (UnreadableUsageException reason) {
            return Refusal.unreadable(csv.line(), source, Long.toString(csv.line()), reason);
        }
    }

    private ImportItem row(FocusRow row) throws IOException, UnreadableUsageException {
        if (row == null) {
            return null;
        }
        if (!FocusCharge.isUsage(row)) {
            return new ImportItem.Skipped(
                    row.line(),
                    (row.get("ConsumedQuantity") == null ? "no ConsumedQuantity" : "no usage") + " (ChargeCategory "
                            + row.get("ChargeCategory", "unknown") + ")");
        }
        charge = FocusCharge.of(row);
        line = row.line();
        hour = 0;
        return event();
    }

    private ImportItem event() throws IOException {
        UsageEvent event = UsageEvent.of(source, line + "/" + hour, charge, hour);
        hour++;
        return new ImportItem.Event(line, event.json());
    }

    @Override
    public long bytesRead() {
        return csv.bytesRead();
    }

    @Override
    public void close() throws IOException {
        csv.close();
    }
}
