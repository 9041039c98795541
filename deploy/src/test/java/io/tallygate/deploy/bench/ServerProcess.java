package io.tallygate.deploy.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server of our own as a process, with what the operating system and the JVM say of its memory. */
final class ServerProcess implements AutoCloseable {
    private static final Pattern PEAK = Pattern.compile("VmHWM:\\s+(\\d+) kB");
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");
    private static final Pattern USED = Pattern.compile("used (\\d+)K");
    // The peer builds itself at its first start.
    private static final long PATIENCE_SECONDS = 600;

    private final Process process;
    private final Path log;
    private final double secondsToReady;

    private ServerProcess(Process process, Path log, double secondsToReady) {
        this.process = process;
        this.log = log;
        this.secondsToReady = secondsToReady;
    }

    /** Starts it, with all that it says into the log, and waits until it is ready. */
    static ServerProcess start(ProcessBuilder builder, Path log, BooleanSupplier ready) throws IOException {
        builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.to(log.toFile()));
        long began = System.nanoTime();
        Process process = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        while (!ready.getAsBoolean()) {
            if (!process.isAlive() || System.nanoTime() - began > TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS)) {
                process.destroyForcibly();
                throw new IOException("Did not start; " + log + " ends with\n" + tail(log));
            }
            pause();
        }
        return new ServerProcess(process, log, (System.nanoTime() - began) / 1e9);
    }

    /** From before the process was started until it was ready. */
    double secondsToReady() {
        return secondsToReady;
    }

    long pid() {
        return process.pid();
    }

    Path log() {
        return log;
    }

    /** The largest resident set since {@link #forgetPeak} in MB; null where the system does not tell. */
    Double peakRssMb() throws IOException {
        return megabytes(PEAK);
    }

    /** The resident set now in MB; null where the system does not tell. */
    Double rssMb() throws IOException {
        return megabytes(RESIDENT);
    }

    /** Begins a new peak. */
    void forgetPeak() throws IOException {
        Path reset = Path.of("/proc", Long.toString(pid()), "clear_refs");
        if (Files.isWritable(reset)) {
            Files.writeString(reset, "5");
        }
    }

    /** The heap in use after a full collection, in MB. */
    double heapAfterCollectionMb() throws IOException {
        jcmd("GC.run");
        return usedMb(jcmd("GC.heap_info"));
    }

    /** Sends a diagnostic command to the JVM. */
    String jcmd(String... words) throws IOException {
        String[] all = new String[words.length + 2];
        all[0] = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        all[1] = Long.toString(pid());
        System.arraycopy(words, 0, all, 2, words.length);
        return Command.of(all).run().out();
    }

    /** The heap in use as {@code GC.heap_info} has it, in MB. */
    static double usedMb(String heapInfo) throws IOException {
        Matcher used = USED.matcher(heapInfo);
        if (!used.find()) {
            throw new IOException("The JVM did not say how much heap it uses:\n" + heapInfo);
        }
        return Long.parseLong(used.group(1)) / 1024.0;
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException interrupted) {
            throw new IOException("Interrupted while stopping a server", interrupted);
        }
    }

    private Double megabytes(Pattern pattern) throws IOException {
        Path status = Path.of("/proc", Long.toString(pid()), "status");
        if (!Files.exists(status)) {
            return null;
        }
        Matcher found = pattern.matcher(Files.readString(status));
        return found.find() ? Long.parseLong(found.group(1)) / 1024.0 : null;
    }

    private static String tail(Path log) throws IOException {
        String all = Files.readString(log, StandardCharsets.UTF_8);
        return all.substring(Math.max(0, all.length() - 2000));
    }

    private static void pause() throws IOException {
        try {
            TimeUnit.MILLISECONDS.sleep(10);
        } catch (InterruptedException interrupted) {
            throw new IOException("Interrupted while a server was starting", interrupted);
        }
    }
}
