package io.tallygate.deploy.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the benchmark runs on. */
final class Machine {
    private static final Pattern TOTAL = Pattern.compile("MemTotal:\\s+(\\d+) kB");
    private static final Pattern MODEL = Pattern.compile("model name\\s*:\\s*(.*)");
    private static final int LEAST_BUFFERS = 256;
    private static final int MOST_BUFFERS = 4096;

    private Machine() {}

    /** Memory in MB; 0 where the system does not tell. */
    static long memoryMb() throws IOException {
        Matcher total = find(Path.of("/proc/meminfo"), TOTAL);
        return total == null ? 0 : Long.parseLong(total.group(1)) / 1024;
    }

    /** What Postgres gets as {@code shared_buffers}: a quarter of the memory, from 256 MB to 4 GB. */
    static int sharedBuffersMb() throws IOException {
        return (int) Math.max(LEAST_BUFFERS, Math.min(MOST_BUFFERS, memoryMb() / 4));
    }

    /** By name. */
    static Map<String, String> describe() throws IOException {
        Map<String, String> facts = new LinkedHashMap<>();
        Matcher model = find(Path.of("/proc/cpuinfo"), MODEL);
        int processors = Runtime.getRuntime().availableProcessors();
        facts.put(
                "processors",
                processors + (model == null ? "" : " × " + model.group(1).strip()));
        facts.put("memory", memoryMb() / 1024 + " GB");
        facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        facts.put("java", System.getProperty("java.vm.name") + " " + Runtime.version());
        return facts;
    }

    private static Matcher find(Path file, Pattern pattern) throws IOException {
        if (!Files.isReadable(file)) {
            return null;
        }
        Matcher found = pattern.matcher(Files.readString(file));
        return found.find() ? found : null;
    }
}
