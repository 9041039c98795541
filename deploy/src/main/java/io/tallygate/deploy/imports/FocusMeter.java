package io.tallygate.deploy.imports;

/**
 * A meter for a FOCUS SKU.
 *
 * @param id the {@code SkuId} as it is
 * @param name the service and the SKU: FOCUS 1.0 has no name for a SKU, and its charge descriptions vary
 * @param unit the {@code ConsumedUnit}, else {@code Units}
 */
record FocusMeter(String id, String name, String unit) {
    /** The meter of a row that names its SKU. */
    static FocusMeter of(FocusRow row) {
        String id = row.get("SkuId");
        String service = row.get("ServiceName");
        return new FocusMeter(id, service == null ? id : service + " " + id, row.get("ConsumedUnit", "Units"));
    }
}
