package io.tallygate.deploy.imports;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tallygate.gateway.collect.HourlySpread;
import io.tallygate.gateway.collect.Quantity;
import io.tallygate.gateway.collect.UnreadableUsageException;
import io.tallygate.gateway.collect.UsagePageRow;
import io.tallygate.gateway.collect.UsagePeriod;
import java.math.BigDecimal;

/** Reads a FOCUS row as usage: what its hours have in common, and how much each of them gets. */
final class FocusCharge {
    private static final String USAGE = "Usage";

    private FocusCharge() {}

    /**
     * Reads a row.
     *
     * @throws UnreadableUsageException if a column is missing or malformed
     */
    static UsagePageRow of(FocusRow row) throws UnreadableUsageException {
        String subscriptionId =
                FocusIds.subscriptionId(row.require("SubAccountId")).toString();
        String meterId = FocusMeter.id(row);
        UsagePeriod period = UsagePeriod.parse(
                "ChargePeriodStart",
                row.require("ChargePeriodStart"),
                "ChargePeriodEnd",
                row.require("ChargePeriodEnd"));
        BigDecimal quantity = Quantity.parse("ConsumedQuantity", row.require("ConsumedQuantity"));
        return new UsagePageRow(
                subscriptionId,
                meterId,
                row.get("ResourceId", ownResource(subscriptionId, row.get("ServiceName", "none"), meterId)),
                row.get("RegionId", "global"),
                JsonText.tags("Tags", row.get("Tags")),
                originalIds(row),
                period,
                HourlySpread.of(quantity, period.hours()));
    }

    /** Whether the row tells of consumption at all; purchases, credits and taxes do not. */
    static boolean isUsage(FocusRow row) {
        return row.get("ConsumedQuantity") != null
                && row.get("ChargeCategory", USAGE).equalsIgnoreCase(USAGE);
    }

    private static String ownResource(String subscriptionId, String serviceName, String meterId) {
        return "/subscriptions/" + subscriptionId + "/resourceGroups/none/providers/FOCUS/" + serviceName + "/"
                + meterId;
    }

    /** The ids that gave way to name-based UUIDs. */
    private static ObjectNode originalIds(FocusRow row) {
        ObjectNode ids = JsonNodeFactory.instance.objectNode();
        for (String column : new String[] {"BillingAccountId", "SubAccountId"}) {
            String id = row.get(column);
            if (id != null && !FocusIds.isUuid(id)) {
                ids.put(column, id);
            }
        }
        return ids.isEmpty() ? null : ids;
    }
}
