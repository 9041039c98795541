package io.tallygate.deploy.exports;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Rows go to a stream, such as the standard output: nothing of it can be taken back. */
final class StandardOutput implements ExportOutput {
    private final DigestingOutput bytes;
    private final ExportState start;

    StandardOutput(OutputStream target, String request) {
        this.bytes = new DigestingOutput(new BufferedOutputStream(target, 1 << 16), new RunningSha256(), 0);
        this.start = ExportState.none(request);
    }

    @Override
    public ExportState start() {
        return start;
    }

    @Override
    public void write(byte[] source, int from, int length) throws IOException {
        bytes.write(source, from, length);
    }

    @Override
    public ExportState note(ExportState state) throws IOException {
        bytes.flush();
        return state.at(bytes);
    }

    @Override
    public void close() throws IOException {
        bytes.flush();
    }
}
