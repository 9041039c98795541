package io.tallygate.deploy.observe;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.spi.ILoggingEvent;

/**
 * Logs on a thread of its own, so that no event loop waits for whoever takes the log. What comes while its queue is full
 * is dropped, and counted: it is for lines of which one in thousands is no loss.
 */
public final class PatientAppender extends AsyncAppender {
    private static final int LINES = 8192;

    /** As it should be; only where the lines go is to be said. */
    public PatientAppender() {
        setQueueSize(LINES);
        // All of the queue, whatever the level; and never does a caller wait.
        setDiscardingThreshold(0);
        setNeverBlock(true);
    }

    @Override
    protected void append(ILoggingEvent event) {
        // Between the question and the answer others may have filled it: then a few are dropped without being counted.
        if (getRemainingCapacity() == 0) {
            DroppedLines.add();
        } else {
            super.append(event);
        }
    }
}
