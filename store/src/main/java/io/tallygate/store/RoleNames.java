package io.tallygate.store;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The database's roles, by the name of the application role: three groups without a login beside it.
 *
 * @param application the role that the gateway logs in as; at most 54 bytes, since Postgres would cut the longer names
 */
public record RoleNames(String application) {
    private static final int LONGEST = 63 - "_readonly".length();

    /** Refuses a name that is too long, with an {@link IllegalArgumentException}. */
    public RoleNames {
        if (application.getBytes(StandardCharsets.UTF_8).length > LONGEST) {
            throw new IllegalArgumentException("The name of the application role has more than " + LONGEST + " bytes");
        }
    }

    /** What the application becomes for a tenant's reads: sees the tenant of the transaction's setting. */
    public String tenant() {
        return application + "_tenant";
    }

    /** Reads everything but secrets. */
    public String readOnly() {
        return application + "_readonly";
    }

    /** Reads the audit and the ledger. */
    public String auditor() {
        return application + "_auditor";
    }

    /** The three groups. */
    List<String> groups() {
        return List.of(tenant(), readOnly(), auditor());
    }
}
