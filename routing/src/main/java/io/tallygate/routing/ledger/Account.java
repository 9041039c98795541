package io.tallygate.routing.ledger;

/** Where usage records can be, in the order in which they pass. */
public enum Account {
    /** Taken in. */
    ACCEPTED("accepted"),
    /** In a window that is not sealed. */
    OPEN("open"),
    /** In sealed aggregates. */
    AGGREGATED("aggregated"),
    /** Aggregated, in a window that is not routed. */
    UNROUTED("unrouted"),
    /** Routed to a customer subscription. */
    MAPPED("mapped"),
    /** Routed to the base subscription, for want of a mapping. */
    BASE("base"),
    /** Of a meter that is not chargeable. */
    NOT_CHARGEABLE("notChargeable"),
    /** Of a billing model that does not deliver, or of no registration. */
    NOT_BILLED("notBilled"),
    /** Moved from one payer to another: pairs whose sum is zero. */
    ADJUSTED("adjusted");

    private final String wireName;

    Account(String wireName) {
        this.wireName = wireName;
    }

    /** Its name on the wire. */
    public String wireName() {
        return wireName;
    }
}
