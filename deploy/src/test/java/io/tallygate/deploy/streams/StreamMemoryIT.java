package io.tallygate.deploy.streams;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Half a million rows. */
class StreamMemoryIT {
    @Test
    @Timeout(300)
    void memoryStaysFlatWhileManyRowsAreSent() {
        StreamMemory.staysFlat(1050, 480);
    }
}
