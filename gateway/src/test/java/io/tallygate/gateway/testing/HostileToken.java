package io.tallygate.gateway.testing;

import io.tallygate.gateway.http.RefusalReason;

/**
 * A token that must not open anything.
 *
 * @param group what is tried, with the source of the rule that forbids it
 * @param name how it is tried
 * @param reason what it is refused as
 * @param token itself
 */
public record HostileToken(String group, String name, RefusalReason reason, String token) {
    /** Never the token. */
    @Override
    public String toString() {
        return group + ": " + name;
    }
}
