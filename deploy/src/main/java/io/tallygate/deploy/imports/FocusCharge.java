package io.tallygate.deploy.imports;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tallygate.gateway.collect.HourlySpread;
import io.tallygate.gateway.collect.Quantity;
import io.tallygate.gateway.collect.UnreadableUsageException;
import io.tallygate.gateway.collect.UsagePeriod;
import java.math.BigDecimal;

/**
 * A FOCUS row read as usage: what its hours have in common, and how much each of them gets.
 *
 * @param line the physical line of the row
 */
record FocusCharge(
        long line,
        String subscriptionId,
        String meterId,
        String resourceUri,
        String location,
        ObjectNode tags,
        ObjectNode additionalInfo,
        UsagePeriod period,
        HourlySpread spread) {

    /**
     * Reads a row.
     *
     * @throws UnreadableUsageException if a column is missing or malformed
     */
    static FocusCharge of(FocusRow row) throws UnreadableUsageException {
        String subscriptionId =
                FocusIds.subscriptionId(row.require("SubAccountId")).toString();
        String skuId = row.require("SkuId");
        UsagePeriod period = UsagePeriod.parse(
                "ChargePeriodStart",
                row.require("ChargePeriodStart"),
                "ChargePeriodEnd",
                row.require("ChargePeriodEnd"));
        BigDecimal quantity = Quantity.parse("ConsumedQuantity", row.require("ConsumedQuantity"));
        return new FocusCharge(
                row.line(),
                subscriptionId,
                skuId,
                row.get("ResourceId", ownResource(subscriptionId, row.get("ServiceName", "none"), skuId)),
                row.get("RegionId", "global"),
                JsonText.tags("Tags", row.get("Tags")),
                originalIds(row),
                period,
                HourlySpread.of(quantity, period.hours()));
    }

    /** Whether the row tells of consumption at all; purchases, credits and taxes do not. */
    static boolean isUsage(FocusRow row) {
        return row.get("ConsumedQuantity") != null;
    }

    /** The usage record of one hour of the period; the first is 0. */
    UsageEvent hour(String source, int index) {
        return new UsageEvent(
                source,
                line + "/" + index,
                subscriptionId,
                meterId,
                resourceUri,
                location,
                tags,
                additionalInfo,
                spread.hour(index),
                period.hour(index));
    }

    private static String ownResource(String subscriptionId, String serviceName, String skuId) {
        return "/subscriptions/" + subscriptionId + "/resourceGroups/none/providers/FOCUS/" + serviceName + "/" + skuId;
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
