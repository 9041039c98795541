package io.tallygate.deploy.imports;

/** Which window a record joins. */
enum ReportedAt {
    /** The one that is open when the gateway takes it. */
    NOW("now", ""),
    /** That of its usage hour, as long as it is not sealed: a backfill. */
    USAGE_HOUR("usage-hour", "?reportedAt=usage-hour");

    private final String option;
    private final String query;

    ReportedAt(String option, String query) {
        this.option = option;
        this.query = query;
    }

    /** The query of the request. */
    String query() {
        return query;
    }

    /** As it is written on the command line. */
    @Override
    public String toString() {
        return option;
    }
}
