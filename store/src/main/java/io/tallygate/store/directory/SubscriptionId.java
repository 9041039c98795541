package io.tallygate.store.directory;

import java.util.UUID;

/** A local subscription, or a CSP subscription where the name says so. Its text is the 36-character form. */
public record SubscriptionId(UUID value) {
    @Override
    public String toString() {
        return value.toString();
    }
}
