package io.tallygate.deploy.bench;

import java.io.IOException;

/** Something that can be run again and again, and gives a reading each time. */
@FunctionalInterface
interface Measurement {
    Reading take() throws IOException;
}
