package io.tallygate.deploy.exports;

import io.tallygate.deploy.client.GatewayStream;
import io.tallygate.deploy.client.Retries;
import io.tallygate.deploy.client.StoppedException;
import io.tallygate.deploy.client.TryAgainException;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;

/**
 * Writes the rows of a request to an output, however often the stream breaks: it goes on after the last position, and
 * drops what it has written of the rows that come again.
 */
final class Download {
    private final UsageStreams streams;
    private final WireFormat format;
    private final ExportOutput output;
    private final boolean digestRequired;
    private ExportState state;
    private String completeThrough;
    private long rows;
    private long sincePosition;

    /**
     * A download.
     *
     * @param state how far it came before; with the number of rows that are announced
     * @param digestRequired whether an answer without a digest is no good
     */
    Download(UsageStreams streams, WireFormat format, ExportOutput output, ExportState state, boolean digestRequired) {
        this.streams = streams;
        this.format = format;
        this.output = output;
        this.state = state;
        this.completeThrough = state.completeThrough();
        this.rows = state.rows();
        this.digestRequired = digestRequired;
    }

    /**
     * Gets all rows.
     *
     * @throws StoppedException if the gateway stays away
     * @throws ExportException if it is refused, or is not what was announced
     */
    ExportState run(Retries retries, RowRate progress) throws IOException, StoppedException, InterruptedException {
        retries.<Void, IOException>call(
                () -> {
                    answer(progress);
                    return null;
                },
                () -> rows);
        if (rows != state.announced()) {
            throw ExportException.worthless(
                    "the gateway announced " + state.announced() + " rows, and " + rows + " came");
        }
        progress.done(rows);
        return output.note(state(state.token(), true));
    }

    private void answer(RowRate progress)
            throws IOException, TryAgainException, StoppedException, InterruptedException {
        try (GatewayStream stream = streams.open(state.token())) {
            completeThrough = UsageStreams.completeThrough(stream).orElse(completeThrough);
            RunningSha256 received = new RunningSha256();
            RowSplitter splitter = new RowSplitter(format);
            Answer answer = new Answer(sincePosition);
            for (Buffer piece = stream.next(); piece != null; piece = stream.next()) {
                byte[] bytes = piece.getBytes();
                received.update(bytes, 0, bytes.length);
                splitter.take(bytes);
                for (WireRow row = splitter.next(); row != null; row = splitter.next()) {
                    answer.take(row);
                }
                progress.advanced(rows);
            }
            if (!splitter.isEmpty()) {
                throw ExportException.worthless("the answer ends within a row");
            }
            answer.verify(stream, received.hex());
        }
    }

    private ExportState state(String token, boolean complete) {
        return new ExportState(
                state.request(), state.announced(), state.header(), token, rows, 0, null, completeThrough, complete);
    }

    /** The rows of one answer. */
    private final class Answer {
        private final long writtenBefore;
        private long count;
        private boolean headerDue = format.isHeaded();

        Answer(long writtenBefore) {
            this.writtenBefore = writtenBefore;
        }

        void take(WireRow row) throws IOException {
            if (headerDue) {
                headerDue = false;
                header(row);
                return;
            }
            count++;
            boolean isNew = count > writtenBefore;
            if (isNew) {
                row.writeTo(output);
                rows++;
                sincePosition++;
            }
            if (row.token() != null) {
                sincePosition = Math.max(0, writtenBefore - count);
                state = state(row.token(), false);
                if (isNew) {
                    output.note(state);
                }
            }
        }

        private void header(WireRow row) throws IOException {
            String header = row.text();
            if (!"continuationToken".equals(row.token())) {
                throw ExportException.worthless(
                        "expected a header of CSV with continuationToken, got '" + header + "'");
            }
            if (state.header() == null) {
                row.writeTo(output);
                state = new ExportState(
                        state.request(),
                        state.announced(),
                        header,
                        state.token(),
                        rows,
                        0,
                        null,
                        completeThrough,
                        false);
            } else if (!state.header().equals(header)) {
                throw ExportException.worthless("the gateway sends other columns than before");
            }
        }

        private void verify(GatewayStream stream, String digest) throws ExportException {
            if (headerDue) {
                throw ExportException.worthless("the answer has no header");
            }
            if (count < writtenBefore) {
                throw ExportException.worthless("the gateway sends fewer rows than before");
            }
            String announced = stream.trailer(UsageStreams.ROW_COUNT);
            String expected = stream.trailer(UsageStreams.DIGEST);
            if (announced == null && expected == null && !digestRequired) {
                return;
            }
            if (announced == null || expected == null) {
                throw ExportException.worthless("the answer ends without its row count and digest: a proxy may drop"
                        + " trailers (then --no-digest verifies the count alone)");
            }
            if (!announced.equals(Long.toString(count))) {
                throw ExportException.worthless("the answer has " + count + " rows, and says that it has " + announced);
            }
            if (!expected.equalsIgnoreCase(digest)) {
                throw ExportException.worthless(
                        "the answer's SHA-256 is " + digest + ", and it says that it is " + expected);
            }
        }
    }
}
