package io.tallygate.store;

import java.util.UUID;

/**
 * Who looks. It is made from the caller's token alone, never from what is asked: the database filters by it once more
 * what the query's scope lets through.
 */
public sealed interface Viewer {
    /** A caller that sees what is its tenant's: reads are done by the tenant role, in a transaction of their own. */
    record OfTenant(UUID tenant) implements Viewer {}

    /** The operator: reads are done by the application role, which sees everything. */
    record Operator() implements Viewer {}

    /** Whoever is of this tenant. */
    static Viewer ofTenant(UUID tenant) {
        return new OfTenant(tenant);
    }

    /** The operator. */
    static Viewer operator() {
        return new Operator();
    }
}
