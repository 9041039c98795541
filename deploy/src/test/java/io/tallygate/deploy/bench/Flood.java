package io.tallygate.deploy.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code wrk} in the background: clients that ask again as soon as they are answered, whatever the answer. */
final class Flood implements AutoCloseable {
    private final Process process;

    private Flood(Process process) {
        this.process = process;
    }

    /** Starts it; it goes on until it is closed. */
    static Flood start(String url, String token, int clients) throws IOException {
        return new Flood(new ProcessBuilder(
                        List.of("wrk", "-t1", "-c" + clients, "-d1h", "-H", "Authorization: Bearer " + token, url))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start());
    }

    /** Lets it go on for a while. */
    void await(Duration time) throws IOException {
        try {
            if (process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException("wrk ended with " + process.exitValue());
            }
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
