package io.tallygate.gateway.observe;

import io.tallygate.store.usage.IngestOutcome;
import java.util.Map;

/**
 * Told of requests; the request log and the metrics are observers. Its methods are called on event loops: they must not
 * block or fail.
 */
public interface RequestObserver {
    /** Hears nothing. */
    RequestObserver NONE = new RequestObserver() {
        @Override
        public void streamBegan(StreamDirection direction) {}

        @Override
        public void stored(Map<IngestOutcome.Kind, Integer> records) {}

        @Override
        public void ended(ObservedRequest request) {}
    };

    /** A request turned out to be a stream; {@link #ended} follows. */
    void streamBegan(StreamDirection direction);

    /** Records of a request had these outcomes, durably. A stream tells of each of its batches. */
    void stored(Map<IngestOutcome.Kind, Integer> records);

    /** A request is over; all that is known of it is known by now. */
    void ended(ObservedRequest request);
}
