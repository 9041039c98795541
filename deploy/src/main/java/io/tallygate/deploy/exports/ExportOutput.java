package io.tallygate.deploy.exports;

import java.io.Closeable;
import java.io.IOException;

/** Where rows are written. */
interface ExportOutput extends Closeable {
    /** How far an earlier run has come: what is written follows on it. */
    ExportState start();

    /** Writes some bytes. */
    void write(byte[] bytes, int from, int length) throws IOException;

    /**
     * Notes how far it has come, behind the bytes that were written.
     *
     * @param state what is known of it; its bytes and digest are filled in
     * @return the state as it was noted
     */
    ExportState note(ExportState state) throws IOException;
}
