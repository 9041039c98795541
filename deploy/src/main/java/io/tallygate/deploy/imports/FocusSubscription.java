package io.tallygate.deploy.imports;

import java.util.UUID;

/**
 * A subscription for a FOCUS sub account.
 *
 * @param id see {@link FocusIds}
 * @param displayName the {@code SubAccountName}, else the id
 * @param tenantId the tenant for its billing account
 * @param owner the {@code BillingAccountName}, else the id
 */
record FocusSubscription(UUID id, String displayName, UUID tenantId, String owner) {
    /** The subscription of a row that names its sub account and billing account. */
    static FocusSubscription of(UUID id, FocusRow row) {
        String billingAccount = row.get("BillingAccountId");
        return new FocusSubscription(
                id,
                row.get("SubAccountName", row.get("SubAccountId")),
                FocusIds.tenantId(billingAccount),
                row.get("BillingAccountName", billingAccount));
    }
}
