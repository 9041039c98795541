package io.tallygate.deploy.imports;

import io.tallygate.gateway.collect.UnreadableUsageException;
import io.tallygate.gateway.collect.UsagePageRow;
import java.io.IOException;

/** The rows of a FOCUS file. */
final class FocusRows implements UsageRows {
    private final FocusCsv csv;

    FocusRows(FocusCsv csv) {
        this.csv = csv;
    }

    @Override
    public Row next() throws IOException, UnreadableUsageException {
        FocusRow row = csv.next();
        if (row == null) {
            return null;
        }
        if (!FocusCharge.isUsage(row)) {
            return new Row(row.line(), null);
        }
        UsagePageRow usage = FocusCharge.of(row);
        usage.period().requireDay("ChargePeriodStart", "ChargePeriodEnd");
        return new Row(row.line(), usage);
    }

    @Override
    public long line() {
        return csv.line();
    }

    @Override
    public void close() throws IOException {
        csv.close();
    }
}
