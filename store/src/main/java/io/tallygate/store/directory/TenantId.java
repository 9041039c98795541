package io.tallygate.store.directory;

import java.util.UUID;

/** A directory tenant: the {@code tid} of its tokens. */
public record TenantId(UUID value) {
    @Override
    public String toString() {
        return value.toString();
    }
}
