package io.tallygate.gateway.http;

/** What a text from a stranger may hold. */
public final class WireText {
    private static final char DELETE = '\u007f';

    private static final int MAX_QUOTED = 64;

    private WireText() {}

    /** A stranger's word as it may be repeated in a message: itself if it is short and clean, else a question mark. */
    public static String quoted(String word) {
        return word.length() <= MAX_QUOTED && isClean(word) ? word : "?";
    }

    /** Whether it has no control characters (NUL above all: Postgres takes none) and no half of a surrogate pair. */
    public static boolean isClean(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= ' ' && c < DELETE) {
                continue;
            }
            if (Character.isISOControl(c)) {
                return false;
            }
            if (Character.isHighSurrogate(c)) {
                if (i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    return false;
                }
                i++;
            } else if (Character.isLowSurrogate(c)) {
                return false;
            }
        }
        return true;
    }
}
