package io.tallygate.gateway.http;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times as clients write them, and as they read them. */
public final class WireTime {
    /** What {@link #parse} takes, for messages. */
    public static final String EXPECTED = "an ISO 8601 time such as 2026-11-20T00:00:00Z or 2026-11-20T02:00:00+02:00";

    // A raw "+" in a query arrives as a space, and "+00:00Z" is what the protocol's own documentation shows.
    private static final Pattern TIME = Pattern.compile("(?<date>\\d{4}-\\d{2}-\\d{2})"
            + "(?:[Tt ](?<time>\\d{2}:\\d{2}(?::\\d{2}(?:\\.\\d{0,9})?)?)"
            + "(?:[Zz]|[+ ]00:00[Zz]|(?<sign>[+ -])(?<hours>\\d{2}):(?<minutes>\\d{2}))?)?");
    private static final String USUAL = "0000-00-00T00:00:00Z";
    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss'+00:00'");

    private WireTime() {}

    /** The instant that a client's text means: no zone is UTC, a plain date its UTC midnight. Empty if it means none. */
    public static Optional<Instant> parse(String text) {
        return isUsual(text) ? usual(text) : parseAny(text);
    }

    // What nearly every record has twice, as 2026-11-20T00:00:00Z: without a pattern it takes a tenth of the time.
    private static boolean isUsual(String text) {
        if (text.length() != USUAL.length()) {
            return false;
        }
        for (int i = 0; i < USUAL.length(); i++) {
            char shape = USUAL.charAt(i);
            char c = text.charAt(i);
            if (shape == '0' ? c < '0' || c > '9' : c != shape) {
                return false;
            }
        }
        return true;
    }

    private static Optional<Instant> usual(String text) {
        try {
            LocalDateTime time = LocalDateTime.of(
                    number(text, 0, 4),
                    number(text, 5, 7),
                    number(text, 8, 10),
                    number(text, 11, 13),
                    number(text, 14, 16),
                    number(text, 17, 19));
            return Optional.of(time.toInstant(ZoneOffset.UTC));
        } catch (DateTimeException noSuchTime) {
            return Optional.empty();
        }
    }

    private static int number(String text, int from, int to) {
        return Integer.parseInt(text, from, to, 10);
    }

    private static Optional<Instant> parseAny(String text) {
        Matcher parts = TIME.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        try {
            LocalDate date = LocalDate.parse(parts.group("date"));
            String time = parts.group("time");
            if (time != null && time.endsWith(".")) {
                time = time.substring(0, time.length() - 1);
            }
            LocalTime clock = time == null ? LocalTime.MIDNIGHT : LocalTime.parse(time);
            return Optional.of(date.atTime(clock).toInstant(offset(parts)));
        } catch (DateTimeException noSuchTime) {
            return Optional.empty();
        }
    }

    private static ZoneOffset offset(Matcher parts) {
        if (parts.group("sign") == null) {
            return ZoneOffset.UTC;
        }
        int sign = parts.group("sign").equals("-") ? -1 : 1;
        return ZoneOffset.ofHoursMinutes(
                sign * Integer.parseInt(parts.group("hours")), sign * Integer.parseInt(parts.group("minutes")));
    }

    /** A time as clients read it: whole seconds, {@code +00:00}. */
    public static String format(Instant time) {
        return FORMAT.format(time.atOffset(ZoneOffset.UTC));
    }

    /** The same; null stays null. */
    public static String formatOrNull(Instant time) {
        return time == null ? null : format(time);
    }
}
