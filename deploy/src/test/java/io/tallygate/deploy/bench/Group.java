package io.tallygate.deploy.bench;

import java.io.IOException;
import java.util.List;

/** Lines that are measured together. */
interface Group {
    /** What comes before the point in the ids of its lines. */
    String name();

    /**
     * Measures.
     *
     * @throws Unavailable if what it measures is not there
     */
    List<Line> measure(Site site, Rounds rounds) throws IOException;

    /** Why a group has no lines in this run. */
    final class Unavailable extends IOException {
        private static final long serialVersionUID = 1;

        Unavailable(String why) {
            super(why);
        }
    }
}
