package io.tallygate.routing.ledger;

/** Where usage records can be, in the order in which they pass. */
public enum Account {
    ACCEPTED("accepted", false, "taken in: `open` + `aggregated`"),
    OPEN("open", false, "in a window that is not sealed"),
    AGGREGATED(
            "aggregated",
            false,
            "in sealed aggregates: `unrouted` + `mapped` + `base` + `notChargeable` + `notBilled`"),
    UNROUTED("unrouted", false, "aggregated, in a window that is not routed"),
    MAPPED("mapped", true, "routed to a customer subscription"),
    BASE("base", true, "routed to the base subscription, for want of a mapping"),
    NOT_CHARGEABLE("notChargeable", false, "of a meter that is not chargeable"),
    NOT_BILLED("notBilled", false, "of a billing model that does not deliver, or of no registration"),
    ADJUSTED("adjusted", true, "moved from one payer to another by a re-route: pairs, whose sum over payers is 0"),
    DELIVERED("delivered", true, "the payer's endpoint took it"),
    PENDING("pending", true, "to be composed, sent, or sent again"),
    HELD("held", true, "the same, while its payer or all delivery is held"),
    DEAD("dead", true, "refused by the endpoint: a dead letter"),
    MANUAL("manual", true, "for a person to decide: it is never sent by itself"),
    WAIVED("waived", true, "never sent, because an operator said so"),
    NETTED(
            "netted",
            true,
            "re-routed before it was sent, with its reversal: neither is sent; 0 as soon as both are in the range"),
    EXPIRED("expired", true, "of `dead`, what came later than the endpoint takes it");

    private final String wireName;
    private final boolean hasPayer;
    private final String meaning;

    Account(String wireName, boolean hasPayer, String meaning) {
        this.wireName = wireName;
        this.hasPayer = hasPayer;
        this.meaning = meaning;
    }

    /** Its name on the wire. */
    public String wireName() {
        return wireName;
    }

    /** Whether what is in it is at a payer. */
    public boolean hasPayer() {
        return hasPayer;
    }

    /** What is in it, as the documentation says it. */
    public String meaning() {
        return meaning;
    }
}
