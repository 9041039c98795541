package io.tallygate.deploy.bench;

/**
 * What a line is to reach.
 *
 * @param value a ratio of figure to floor, or a figure in the unit of its line
 */
record Target(Kind kind, double value) {
    /** What the value limits, and on which side. */
    enum Kind {
        RATIO_AT_LEAST("≥ ", " ×"),
        RATIO_AT_MOST("≤ ", " ×"),
        FIGURE_AT_MOST("≤ ", ""),
        FIGURE_AT_LEAST("≥ ", "");

        private final String before;
        private final String after;

        Kind(String before, String after) {
            this.before = before;
            this.after = after;
        }
    }

    static Target atLeast(double ratio) {
        return new Target(Kind.RATIO_AT_LEAST, ratio);
    }

    static Target atMost(double ratio) {
        return new Target(Kind.RATIO_AT_MOST, ratio);
    }

    static Target figureAtMost(double figure) {
        return new Target(Kind.FIGURE_AT_MOST, figure);
    }

    static Target figureAtLeast(double figure) {
        return new Target(Kind.FIGURE_AT_LEAST, figure);
    }

    /** Whether a line with this ratio (if it has a floor) and this figure reaches it. */
    boolean met(double ratio, double figure) {
        return switch (kind) {
            case RATIO_AT_LEAST -> ratio >= value;
            case RATIO_AT_MOST -> ratio <= value;
            case FIGURE_AT_MOST -> figure <= value;
            case FIGURE_AT_LEAST -> figure >= value;
        };
    }

    /** As {@code ≥ 1.5 ×}; a figure has its line's unit behind it. */
    String text(String unit) {
        String after = kind.after.isEmpty() ? " " + unit : kind.after;
        return kind.before + Numbers.plain(value) + after;
    }
}
