package io.tallygate.deploy.streams;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Five million rows. */
class StreamMemoryLongIT {
    @Test
    @Timeout(3600)
    void memoryStaysFlatWhileManyRowsAreSent() {
        StreamMemory.staysFlat(6950, 720);
    }
}
