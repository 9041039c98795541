package io.tallygate.gateway.auth;

import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** What a caller may do, as its token's {@code roles} claim says; the claim values are configurable by name. */
public enum Role {
    /** Reads the usage of the caller's own tenant: the only role that counts outside the operator's tenant. */
    USAGE_READ("Usage.Read"),
    /** Reads everyone's usage. */
    USAGE_READ_ALL("Usage.Read.All"),
    /** Reads what was routed to CSP subscriptions. */
    USAGE_READ_ROUTED("Usage.Read.Routed"),
    /** Posts usage. */
    USAGE_REPORT("Usage.Report"),
    /** Manages registrations and who pays. */
    REGISTRATION_READ_WRITE("Registration.ReadWrite");

    /** The roles that only read usage: an API key has no others. */
    public static final Set<Role> READING =
            Collections.unmodifiableSet(EnumSet.of(USAGE_READ, USAGE_READ_ALL, USAGE_READ_ROUTED));

    private final String claimValue;

    Role(String claimValue) {
        this.claimValue = claimValue;
    }

    /** The default value of the {@code roles} claim that grants this role. */
    public String claimValue() {
        return claimValue;
    }

    /** The default claim value of every role. */
    public static Map<Role, String> defaultNames() {
        Map<Role, String> names = new EnumMap<>(Role.class);
        for (Role role : values()) {
            names.put(role, role.claimValue);
        }
        return Collections.unmodifiableMap(names);
    }
}
