package io.tallygate.gateway.export;

/** The resource types of rows, which differ between the tenant's and the admin's route. */
public enum AggregateType {
    TENANT("Microsoft.Commerce/UsageAggregate"),
    ADMIN("Microsoft.Commerce.Admin/UsageAggregate");

    private final String wire;

    AggregateType(String wire) {
        this.wire = wire;
    }

    /** The type as rows say it. */
    public String wire() {
        return wire;
    }
}
