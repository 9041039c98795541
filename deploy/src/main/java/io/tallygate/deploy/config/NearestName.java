package io.tallygate.deploy.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;

/** Finds the known name that somebody most likely meant. */
final class NearestName {
    private NearestName() {}

    /** {@code "; did you mean x?"}, or nothing when no known name is near. */
    static String hint(String name, Collection<String> known) {
        String lower = name.toLowerCase(Locale.ROOT);
        return known.stream()
                .min(Comparator.comparingInt((String candidate) -> distance(lower, candidate.toLowerCase(Locale.ROOT)))
                        .thenComparing(Comparator.naturalOrder()))
                .filter(candidate -> distance(lower, candidate.toLowerCase(Locale.ROOT)) <= allowed(candidate))
                .map(candidate -> "; did you mean " + candidate + "?")
                .orElse("");
    }

    private static int allowed(String candidate) {
        return Math.max(2, candidate.length() / 2);
    }

    /** The number of characters to insert, remove or replace (Levenshtein). */
    static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
