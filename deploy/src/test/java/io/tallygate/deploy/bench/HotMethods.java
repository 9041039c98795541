package io.tallygate.deploy.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedMethod;
import jdk.jfr.consumer.RecordingFile;

/** What flight recordings of a gateway say: in which methods its time goes, and for which of its own. */
final class HotMethods {
    private static final String OURS = "io.tallygate.";
    private static final int SHOWN = 20;

    private final Map<String, Integer> running = new HashMap<>();
    private final Map<String, Integer> ours = new HashMap<>();
    private final Map<String, Long> allocated = new HashMap<>();
    private int samples;

    /** Adds the samples of a recording. */
    void add(Path recording) throws IOException {
        try (RecordingFile file = new RecordingFile(recording)) {
            while (file.hasMoreEvents()) {
                RecordedEvent event = file.readEvent();
                switch (event.getEventType().getName()) {
                    case "jdk.ExecutionSample", "jdk.NativeMethodSample" -> sample(event);
                    case "jdk.ObjectAllocationSample" ->
                        allocated.merge(event.getClass("objectClass").getName(), event.getLong("weight"), Long::sum);
                    default -> {}
                }
            }
        }
    }

    private void sample(RecordedEvent event) {
        if (event.getStackTrace() == null || isWaiting(event)) {
            return;
        }
        List<RecordedFrame> frames = event.getStackTrace().getFrames();
        samples++;
        running.merge(name(frames.get(0)), 1, Integer::sum);
        String own = frames.stream()
                .map(HotMethods::name)
                .filter(name -> name.startsWith(OURS))
                .findFirst()
                .orElse("(no method of ours)");
        ours.merge(own, 1, Integer::sum);
    }

    // A native sample is also taken of who waits for the network.
    private static boolean isWaiting(RecordedEvent event) {
        String top = name(event.getStackTrace().getFrames().get(0)).toLowerCase(Locale.ROOT);
        return event.getEventType().getName().equals("jdk.NativeMethodSample") && top.contains("wait");
    }

    private static String name(RecordedFrame frame) {
        RecordedMethod method = frame.getMethod();
        return method.getType().getName() + "." + method.getName();
    }

    /** The methods that cost most, with their share in percent, and what is allocated most. */
    String text() {
        double bytes =
                allocated.values().stream().mapToDouble(Long::doubleValue).sum();
        return samples + " samples\nrunning:\n" + top(running, samples) + "nearest method of ours:\n"
                + top(ours, samples) + "allocated (" + Numbers.short3(bytes / 1e6) + " MB):\n" + top(allocated, bytes);
    }

    private static <N extends Number> String top(Map<String, N> counts, double all) {
        return counts.entrySet().stream()
                .sorted(Comparator.comparing((Map.Entry<String, N> entry) ->
                                -entry.getValue().doubleValue())
                        .thenComparing(Map.Entry::getKey))
                .limit(SHOWN)
                .map(entry -> String.format(
                        Locale.ROOT, "  %5.1f %%  %s%n", 100 * entry.getValue().doubleValue() / all, entry.getKey()))
                .collect(Collectors.joining());
    }
}
