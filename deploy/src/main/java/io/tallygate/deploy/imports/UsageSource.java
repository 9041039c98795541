package io.tallygate.deploy.imports;

import java.io.Closeable;
import java.io.IOException;

/**
 * A file of usage, read once from beginning to end in constant memory. The same file always gives the same items, so
 * that an import can be resumed and repeated.
 */
interface UsageSource extends Closeable {
    /**
     * The next item, or null at the end. A file that is broken beyond repair ends with a {@link Refusal} that names
     * the line from which on it could not be read.
     *
     * @throws IOException if the file cannot be read
     */
    ImportItem next() throws IOException;

    /** How many bytes of the file have been read so far. */
    long bytesRead();
}
