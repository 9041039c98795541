package io.tallygate.deploy.exports;

import java.io.IOException;
import java.io.OutputStream;

/** An output stream that knows how many bytes were written, and their digest. */
final class DigestingOutput extends OutputStream {
    private final OutputStream target;
    private final RunningSha256 digest;
    private long bytes;

    /**
     * On top of what was written before.
     *
     * @param digest of the {@code bytes} that were written before
     */
    DigestingOutput(OutputStream target, RunningSha256 digest, long bytes) {
        this.target = target;
        this.digest = digest;
        this.bytes = bytes;
    }

    @Override
    public void write(int single) throws IOException {
        write(new byte[] {(byte) single}, 0, 1);
    }

    @Override
    public void write(byte[] source, int from, int length) throws IOException {
        target.write(source, from, length);
        digest.update(source, from, length);
        bytes += length;
    }

    @Override
    public void flush() throws IOException {
        target.flush();
    }

    @Override
    public void close() throws IOException {
        target.close();
    }

    long bytes() {
        return bytes;
    }

    String sha256() {
        return digest.hex();
    }
}
