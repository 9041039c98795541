package io.tallygate.deploy.config;

/** What a caller may do. */
public enum Role {
    /** Read the usage of the own tenant. */
    USAGE_READ,
    /** Read everybody's usage. */
    USAGE_READ_ALL,
    /** Read routed usage. */
    USAGE_READ_ROUTED,
    /** Report usage. */
    USAGE_REPORT,
    /** Manage registrations and mappings. */
    REGISTRATION_READ_WRITE
}
