package io.tallygate.deploy.imports;

import io.tallygate.gateway.collect.UnreadableUsageException;

/**
 * A meter for a FOCUS SKU.
 *
 * @param id what Microsoft adds as {@code x_SkuMeterId}, which is the id of its meter; else the {@code SkuId} as it is
 * @param name the service and the SKU: FOCUS 1.0 has no name for a SKU, and its charge descriptions vary
 * @param unit the {@code ConsumedUnit}, else {@code Units}
 */
record FocusMeter(String id, String name, String unit) {
    /**
     * The meter of a row.
     *
     * @throws UnreadableUsageException if it names none
     */
    static FocusMeter of(FocusRow row) throws UnreadableUsageException {
        String id = id(row);
        String service = row.get("ServiceName");
        return new FocusMeter(id, service == null ? id : service + " " + id, row.get("ConsumedUnit", "Units"));
    }

    /** Its id alone. */
    static String id(FocusRow row) throws UnreadableUsageException {
        String ofMicrosoft = row.get("x_SkuMeterId");
        return ofMicrosoft == null ? row.require("SkuId") : ofMicrosoft;
    }
}
