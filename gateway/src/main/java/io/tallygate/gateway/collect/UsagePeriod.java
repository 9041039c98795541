package io.tallygate.gateway.collect;

import io.tallygate.gateway.http.Excerpt;
import io.tallygate.gateway.http.LenientTime;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The whole UTC hours in which something was consumed.
 *
 * @param start the beginning, on the hour
 * @param hours how many there are, at least 1
 */
public record UsagePeriod(Instant start, int hours) {
    /** The longest period that is spread: a leap year. A longer one is more likely a slip of the pen. */
    public static final int LONGEST_HOURS = 366 * 24;

    private static final int HOURS_OF_A_DAY = 24;
    private static final Pattern BLANK_AFTER_DATE = Pattern.compile("^(\\S+) (?=\\d)");
    private static final Pattern UTC_AT_THE_END = Pattern.compile("(?i) ?UTC$");
    private static final DateTimeFormatter TIME = new DateTimeFormatterBuilder()
            .parseCaseInsensitive()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .optionalStart()
            .appendLiteral('T')
            .append(DateTimeFormatter.ISO_LOCAL_TIME)
            .optionalStart()
            .appendOffsetId()
            .optionalEnd()
            .optionalEnd()
            .toFormatter(Locale.ROOT)
            .withResolverStyle(ResolverStyle.STRICT);

    /**
     * Reads a period from its two times: {@code 2024-09-18 22:00:00} (UTC) or ISO 8601 with or without an offset.
     *
     * @throws UnreadableUsageException if a time is malformed or not on the hour, or the period is empty or too long
     */
    public static UsagePeriod parse(String startField, String startText, String endField, String endText)
            throws UnreadableUsageException {
        Instant start = onTheHour(startField, startText);
        Instant end = onTheHour(endField, endText);
        long hours = ChronoUnit.HOURS.between(start, end);
        if (hours < 1 || hours > LONGEST_HOURS) {
            throw UnreadableUsageException.property(
                    endField,
                    "expected 1 to " + LONGEST_HOURS + " hours after " + startField + " (" + start + "), found " + end);
        }
        return new UsagePeriod(start, (int) hours);
    }

    /**
     * This one.
     *
     * @throws UnreadableUsageException if it is longer than a day
     */
    public UsagePeriod requireDay(String startField, String endField) throws UnreadableUsageException {
        if (hours > HOURS_OF_A_DAY) {
            throw UnreadableUsageException.property(
                    endField, "expected at most " + HOURS_OF_A_DAY + " hours after " + startField + ", found " + hours);
        }
        return this;
    }

    /** The beginning of one of the hours; the first is 0. */
    public Instant hour(int index) {
        return start.plus(index, ChronoUnit.HOURS);
    }

    private static Instant onTheHour(String field, String text) throws UnreadableUsageException {
        Instant instant = instant(field, text);
        if (!instant.equals(instant.truncatedTo(ChronoUnit.HOURS))) {
            throw new UnreadableUsageException(
                    "NotOnTheHour", field, "expected a time on the hour (UTC), found " + Excerpt.of(text));
        }
        return instant;
    }

    private static Instant instant(String field, String text) throws UnreadableUsageException {
        String iso = UTC_AT_THE_END
                .matcher(BLANK_AFTER_DATE.matcher(text.strip()).replaceFirst("$1T"))
                .replaceFirst("Z");
        try {
            return LenientTime.parse(TIME, iso);
        } catch (DateTimeException malformed) {
            throw UnreadableUsageException.property(
                    field, "expected a time like 2024-09-18T22:00:00Z, found " + Excerpt.of(text));
        }
    }
}
