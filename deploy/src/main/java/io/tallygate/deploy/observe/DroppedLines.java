package io.tallygate.deploy.observe;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.LongAdder;

/** The lines of the log that were dropped, in the whole process: there is one log. */
final class DroppedLines {
    private static final LongAdder DROPPED = new LongAdder();

    private DroppedLines() {}

    /** One more. */
    static void add() {
        DROPPED.increment();
    }

    /** Makes the metric. */
    static void register(MeterRegistry registry) {
        FunctionCounter.builder("tallygate.log.dropped", DROPPED, LongAdder::sum)
                .description(
                        "Lines of requests and submissions that were not logged because the log was not taken in time")
                .register(registry);
    }
}
