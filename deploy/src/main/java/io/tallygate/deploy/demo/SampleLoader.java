package io.tallygate.deploy.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;

/** Reports the sample usage by backfill, a day in a request, as a resource provider would. */
final class SampleLoader {
    private static final String PATH = "/usage/records?reportedAt=usage-hour";
    private static final int LINES_A_CHUNK = 100;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final GatewayApi reporter;

    SampleLoader(GatewayApi reporter) {
        this.reporter = reporter;
    }

    /**
     * Sends everything. What is there already counts as loaded.
     *
     * @throws GatewayApi.RefusedException if the gateway did not take every record; the message has its reasons
     */
    void load(SampleUsage usage, SamplePeriod period) throws IOException {
        try (Progress progress = new Progress("Loading usage", "records", usage.records())) {
            for (int day = 0; day < period.days(); day++) {
                loadDay(usage, day);
                progress.add(usage.records(day));
            }
        }
    }

    private void loadDay(SampleUsage usage, int day) throws IOException {
        Iterable<byte[]> chunks = () -> new Chunks(usage.day(day).iterator());
        List<String> answer =
                reporter.post(PATH, BodyPublishers.ofByteArrays(chunks)).lines().toList();
        JsonNode totals = JSON.readTree(answer.isEmpty() ? "{}" : answer.get(answer.size() - 1))
                .path("totals");
        long taken = totals.path("Accepted").asLong() + totals.path("Duplicate").asLong();
        long sent = usage.records(day);
        if (taken != sent || totals.path("lines").asLong() != sent) {
            throw new GatewayApi.RefusedException("The gateway took " + taken + " of the " + sent
                    + " sample records of day " + (day + 1) + ". It said:\n"
                    + answer.stream().limit(10).collect(Collectors.joining("\n"))
                    + "\n" + totals);
        }
    }

    /** Lines in chunks that are worth a packet, made when they are sent. */
    private static final class Chunks implements Iterator<byte[]> {
        private final Iterator<String> lines;

        Chunks(Iterator<String> lines) {
            this.lines = lines;
        }

        @Override
        public boolean hasNext() {
            return lines.hasNext();
        }

        @Override
        public byte[] next() {
            StringBuilder chunk = new StringBuilder().append(lines.next()).append('\n');
            for (int i = 1; i < LINES_A_CHUNK && lines.hasNext(); i++) {
                chunk.append(lines.next()).append('\n');
            }
            return chunk.toString().getBytes(UTF_8);
        }
    }
}
