package io.tallygate.deploy.imports;

import io.tallygate.gateway.collect.UnreadableUsageException;
import io.tallygate.gateway.collect.UsagePageRow;
import io.tallygate.gateway.http.Excerpt;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The subscriptions and meters that the usage of a FOCUS file needs, in the order in which they first appear. The memory
 * it takes grows with their number, not with the file.
 */
final class FocusCatalogue {
    private final Map<UUID, FocusSubscription> subscriptions = new LinkedHashMap<>();
    private final Map<String, FocusMeter> meters = new LinkedHashMap<>();
    private final List<String> remarks = new ArrayList<>();

    private FocusCatalogue() {}

    /** Reads a file. Rows that are no usage or cannot be read need nothing, and are reported when they are imported. */
    static FocusCatalogue read(InputFile file) throws IOException {
        FocusCatalogue catalogue = new FocusCatalogue();
        try (FocusCsv csv = FocusCsv.open(file.path())) {
            boolean more = true;
            while (more) {
                more = catalogue.readRow(csv);
            }
        }
        return catalogue;
    }

    /** The subscriptions, each with its tenant. */
    List<FocusSubscription> subscriptions() {
        return List.copyOf(subscriptions.values());
    }

    /** The meters. */
    List<FocusMeter> meters() {
        return List.copyOf(meters.values());
    }

    /** What a person should know: accounts that cannot be created, or that contradict each other. */
    List<String> remarks() {
        return List.copyOf(remarks);
    }

    private boolean readRow(FocusCsv csv) throws IOException {
        try {
            FocusRow row = csv.next();
            if (row != null && FocusCharge.isUsage(row)) {
                add(row, FocusCharge.of(row));
            }
            return row != null;
        } catch (UnreadableUsageException reportedWhenImported) {
            return !csv.broken();
        }
    }

    private void add(FocusRow row, UsagePageRow charge) throws UnreadableUsageException {
        FocusMeter meter = FocusMeter.of(row);
        FocusMeter knownMeter = meters.putIfAbsent(meter.id(), meter);
        if (knownMeter != null && !knownMeter.unit().equals(meter.unit())) {
            remark("line " + row.line() + ": meter " + meter.id() + " is counted in " + meter.unit() + ", before in "
                    + knownMeter.unit() + "; the meter keeps the first unit");
        }
        UUID id = UUID.fromString(charge.subscriptionId());
        if (row.get("BillingAccountId") == null) {
            if (!subscriptions.containsKey(id)) {
                remark("line " + row.line() + ": SubAccountId " + row.get("SubAccountId")
                        + " has no BillingAccountId, so no tenant; it is not created");
            }
            return;
        }
        FocusSubscription subscription = FocusSubscription.of(id, row);
        FocusSubscription known = subscriptions.putIfAbsent(id, subscription);
        if (known != null && !known.tenantId().equals(subscription.tenantId())) {
            remark("line " + row.line() + ": SubAccountId " + row.get("SubAccountId")
                    + " has another BillingAccountId (" + row.get("BillingAccountId")
                    + ") than before; it stays with the first one's tenant");
        }
    }

    private void remark(String text) {
        if (remarks.size() < 20) {
            remarks.add(Excerpt.oneLine(text));
        }
    }
}
