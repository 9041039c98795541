package io.tallygate.routing.delivery;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Work that is done again and again: says once that it fails, with the cause, and once that it goes on. */
final class Trouble {
    private static final Logger LOG = LoggerFactory.getLogger(Trouble.class);

    private final String work;
    private int failures;

    /** What fails, as in "Could not …". */
    Trouble(String work) {
        this.work = work;
    }

    /** It failed. */
    void failed(Throwable failure) {
        failures++;
        if (failures == 1) {
            LOG.warn("Could not {}: will try again", work, failure);
        }
    }

    /** It went well. */
    void well() {
        if (failures > 0) {
            LOG.info("Could {} again, after {} failures", work, failures);
            failures = 0;
        }
    }
}
