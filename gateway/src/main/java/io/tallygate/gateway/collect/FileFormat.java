package io.tallygate.gateway.collect;

import java.util.Locale;
import java.util.Optional;

/** What files of usage may hold; the names are those of the configuration. Each may be compressed with gzip. */
public enum FileFormat {
    /** FOCUS as CSV. */
    focus(".csv"),
    /** Saved answers of a usage API: {@code {"value":[…]}}, one or more in a file. */
    usagePages(".json");

    private static final String GZIP = ".gz";

    private final String ending;

    FileFormat(String ending) {
        this.ending = ending;
    }

    /** The format of a file by the end of its name; empty if that is none of them. */
    public static Optional<FileFormat> of(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        String plain = isCompressed(name) ? lower.substring(0, lower.length() - GZIP.length()) : lower;
        for (FileFormat format : values()) {
            if (plain.endsWith(format.ending)) {
                return Optional.of(format);
            }
        }
        return Optional.empty();
    }

    /** Whether a file is compressed, by the end of its name. */
    public static boolean isCompressed(String name) {
        return name.toLowerCase(Locale.ROOT).endsWith(GZIP);
    }
}
