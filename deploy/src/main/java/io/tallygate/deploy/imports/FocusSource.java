package io.tallygate.deploy.imports;

import io.tallygate.gateway.collect.UnreadableUsageException;
import java.io.IOException;

/**
 * The usage in a FOCUS file. The identity of a record is the file and its place in it: source
 * {@code focus:<sha256 of the file>}, id {@code <line>/<hour>}.
 */
final class FocusSource implements UsageSource {
    private final FocusCsv csv;
    private final String source;
    private FocusCharge charge;
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
            return new ImportItem.Event(
                    charge.line(), charge.hour(source, hour++).json());
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
                    row.line(), "no ConsumedQuantity (ChargeCategory " + row.get("ChargeCategory", "unknown") + ")");
        }
        charge = FocusCharge.of(row);
        hour = 1;
        return new ImportItem.Event(row.line(), charge.hour(source, 0).json());
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
