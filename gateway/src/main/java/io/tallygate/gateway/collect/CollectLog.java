package io.tallygate.gateway.collect;

import io.tallygate.store.collect.CollectCounts;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells in the log what was collected of a source: once a minute while it goes on, and when all that was due is there. */
final class CollectLog {
    private static final Logger LOG = LoggerFactory.getLogger(CollectLog.class);
    private static final long EACH = Duration.ofMinutes(1).toNanos();

    private final String source;
    private int windows;
    private CollectCounts counts = CollectCounts.NONE;
    private long since;

    /** Of the source of this name. */
    CollectLog(String source) {
        this.source = source;
    }

    /** One more window is collected. */
    synchronized void add(CollectCounts more) {
        if (windows == 0) {
            since = System.nanoTime();
        }
        windows++;
        counts = counts.plus(more);
        if (System.nanoTime() - since >= EACH) {
            tell();
        }
    }

    /** Nothing more is due: what was not told yet is. */
    synchronized void tell() {
        if (windows == 0) {
            return;
        }
        LOG.info("Collected of {}: {} windows with {}", source, windows, counts.text());
        windows = 0;
        counts = CollectCounts.NONE;
    }
}
