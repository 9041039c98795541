package io.tallygate.gateway.collect;

import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/** A cloud whose usage is collected. Whatever goes wrong there is a {@link SourceException}. */
public interface CollectSource {
    /**
     * A page of a window: all of it, or a failure. Asking again for the same page is harmless.
     *
     * @param next what the page before said; empty for the first
     */
    Future<SourcePage> page(UsageWindow window, Optional<String> next);

    /** All subscriptions, deleted ones too. */
    Future<List<SourceSubscription>> subscriptions();

    /** Ends what is under way. */
    Future<Void> close();
}
