package io.tallygate.routing.commerce;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;

/** Speaks to one endpoint in its protocol. It keeps no state between submissions but connections and tokens. */
public interface CommerceAdapter {
    /** On which terms the endpoint takes events. */
    Terms terms();

    /** The bytes of an event: called once, when it is composed. Pure. */
    Buffer body(EventContent content);

    /**
     * Sends a batch and says what became of each event, within the endpoint's HTTP deadline. Whatever the endpoint does,
     * the future succeeds; it fails only for a defect of the adapter.
     */
    Future<SubmissionResult> submit(Submission submission);

    /** Closes connections. */
    Future<Void> close();
}
