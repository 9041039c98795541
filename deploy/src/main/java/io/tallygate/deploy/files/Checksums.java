package io.tallygate.deploy.files;

import io.tallygate.gateway.http.Excerpt;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a file's bytes should have as their SHA-256, as its companions say: lines of {@code sha256sum}. A done-marker may hold
 * one; a file with the checksum must.
 */
final class Checksums {
    private static final int LONGEST = 64 * 1024;
    private static final Pattern LINE = Pattern.compile("\\\\?([0-9a-fA-F]{64})(?:\\s+\\*?(.+))?");

    private final List<Stated> stated;

    private record Stated(String sha256, Path in) {}

    private Checksums(List<Stated> stated) {
        this.stated = stated;
    }

    /**
     * Reads those of a file; blocks.
     *
     * @throws UnusableFileException if there should be one and is none
     */
    static Checksums of(FoundFile file) throws IOException {
        List<Stated> stated = new ArrayList<>();
        for (Path companion : file.companions()) {
            String text = text(companion);
            List<Stated> found = text.lines()
                    .map(String::strip)
                    .map(LINE::matcher)
                    .filter(line -> line.matches() && isOf(line, file.name()))
                    .map(line -> new Stated(line.group(1).toLowerCase(Locale.ROOT), companion.getFileName()))
                    .toList();
            if (found.isEmpty() && companion.toString().endsWith(FileDirectory.CHECKSUM)) {
                throw new UnusableFileException(companion.getFileName() + ": expected a line of sha256sum for "
                        + file.name() + ", found " + Excerpt.of(text.strip()));
            }
            stated.addAll(found);
        }
        return new Checksums(List.copyOf(stated));
    }

    /** Whether there is any. */
    boolean isEmpty() {
        return stated.isEmpty();
    }

    /**
     * Compares.
     *
     * @param sha256 of the file's bytes, in lower-case hexadecimal
     * @throws UnusableFileException if one of them is another
     */
    void require(String sha256) {
        for (Stated each : stated) {
            if (!each.sha256().equals(sha256)) {
                throw new UnusableFileException("its SHA-256 is " + sha256 + ", expected " + each.sha256() + " as in "
                        + each.in() + ": it is not all there, or was changed on its way");
            }
        }
    }

    // One that names no file is of this one; so is one that names it in some directory.
    private static boolean isOf(Matcher line, String name) {
        String named = line.group(2);
        return named == null || named.equals(name) || named.endsWith("/" + name);
    }

    private static String text(Path path) throws IOException {
        try (InputStream in = Files.newInputStream(path, LinkOption.NOFOLLOW_LINKS)) {
            return new String(in.readNBytes(LONGEST), StandardCharsets.UTF_8);
        }
    }
}
