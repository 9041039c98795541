package io.tallygate.routing.commerce;

import io.vertx.core.buffer.Buffer;

/** Puts the fixed bytes of events together. */
final class EventBytes {
    private EventBytes() {}

    /** The bodies of a submission with commas between, and what comes before and after. */
    static Buffer list(String before, Submission submission, String after) {
        Buffer list = Buffer.buffer(before);
        boolean first = true;
        for (Submission.Event event : submission.events()) {
            list.appendBuffer((first ? Buffer.buffer() : Buffer.buffer(",")).appendBuffer(event.body()));
            first = false;
        }
        return list.appendString(after);
    }
}
