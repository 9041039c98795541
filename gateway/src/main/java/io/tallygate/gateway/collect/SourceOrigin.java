package io.tallygate.gateway.collect;

import io.tallygate.store.directory.SubscriptionId;
import java.net.URI;

/** Where a source is, and what only those of its kind have. */
public sealed interface SourceOrigin {
    /** What kind it is. */
    SourceType type();

    /** Of its API; a path at the end is kept. */
    URI url();

    /**
     * An Azure Stack Hub, or another Tallygate.
     *
     * @param operatorSubscription the default provider subscription there
     */
    record Stamp(SourceType type, URI url, SubscriptionId operatorSubscription, SourceAccess access)
            implements SourceOrigin {}
}
