package io.tallygate.gateway.collect;

import io.tallygate.store.collect.CollectCounts;

/** Is told how collecting goes; on any thread. */
public interface CollectObserver {
    /** A window of the source is stored. */
    void collected(String source, CollectCounts counts);

    /** The source did not give a window. */
    void failed(String source, SourceException.Kind kind);
}
