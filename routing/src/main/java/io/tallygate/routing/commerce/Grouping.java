package io.tallygate.routing.commerce;

/** Which routed rows of a payer make one event. */
public enum Grouping {
    /** Each row is an event. */
    ROW,
    /** All rows of one dimension and usage hour. */
    HOUR,
    /** All rows of one UTC day of reported time, when that day is routed; in parts if it has many. */
    DAY
}
