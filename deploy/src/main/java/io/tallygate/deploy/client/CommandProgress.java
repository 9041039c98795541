package io.tallygate.deploy.client;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;

/** Tells a person how far something that takes a while has come. */
public interface CommandProgress extends AutoCloseable {
    /**
     * What takes a while.
     *
     * @param name for a person
     * @param unit in which it is counted, as a bar shows it: with a blank before it
     * @param unitSize how much a unit is
     * @param start how much was done before, in an earlier run
     * @param end how much there is altogether
     */
    record Task(String name, String unit, long unitSize, long start, long end) {}

    /**
     * More of it is done.
     *
     * @param done altogether, with what was done before
     * @param detail whatever else a person likes to know
     */
    void advanced(long done, String detail);

    /** Something worth a line happened. */
    void notice(String text);

    @Override
    void close();

    /**
     * A bar if the standard error stream is a terminal, else plain lines.
     *
     * @param err the standard error stream
     */
    static CommandProgress of(Task task, PrintWriter err, Clock clock) {
        return isTerminal() ? new BarProgress(task, err) : new LineProgress(task, err, clock);
    }

    /** Whether the standard error stream is a terminal. Only Linux tells; elsewhere there are plain lines. */
    private static boolean isTerminal() {
        Path stream = Path.of("/proc/self/fd/2");
        try {
            String device = Files.isSymbolicLink(stream)
                    ? Files.readSymbolicLink(stream).toString()
                    : "";
            return device.startsWith("/dev/pts/") || device.startsWith("/dev/tty");
        } catch (IOException unknown) {
            return false;
        }
    }
}
