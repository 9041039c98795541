package io.tallygate.deploy.operate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Heads of the audit that are kept elsewhere: what {@code audit heads} prints, the gateway's answer, or lines of its log.
 * Whatever is not one is passed over.
 */
final class AuditHeads {
    private static final String HASH = "([0-9a-f]{64})";
    private static final Pattern JSON =
            Pattern.compile("\"auditId\"\\s*:\\s*(\\d{1,18})\\s*,\\s*\"hash\"\\s*:\\s*\"" + HASH + "\"");
    private static final Pattern LOGGED = Pattern.compile("(?<!\\d)(\\d{1,18})\\s+" + HASH);

    private AuditHeads() {}

    /**
     * Reads a file whole.
     *
     * @return hashes by the place of their entries
     * @throws IllegalArgumentException if there is none in it, or two that contradict each other
     */
    static Map<Long, String> read(Path file) throws IOException {
        if (!Files.isReadable(file)) {
            throw new IllegalArgumentException(file + " is not a readable file");
        }
        String text = Files.readString(file);
        Map<Long, String> heads = new TreeMap<>();
        for (Pattern form : new Pattern[] {JSON, LOGGED}) {
            for (Matcher found = form.matcher(text); found.find(); ) {
                String before = heads.put(Long.valueOf(found.group(1)), found.group(2));
                if (before != null && !before.equals(found.group(2))) {
                    throw new IllegalArgumentException(file + " has two hashes for entry " + found.group(1));
                }
            }
        }
        if (heads.isEmpty()) {
            throw new IllegalArgumentException(file
                    + " has no heads: expected what `tallygate audit heads` prints, or lines of the gateway's log");
        }
        return heads;
    }
}
