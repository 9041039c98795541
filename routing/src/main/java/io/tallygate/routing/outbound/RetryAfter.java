package io.tallygate.routing.outbound;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Pattern;

/** The header {@code Retry-After}: seconds or an HTTP date (RFC 9110, section 10.2.3). */
public final class RetryAfter {
    private static final Pattern SECONDS = Pattern.compile("[0-9]+");
    private static final int MAX_DIGITS = 9;

    /** The longest time that anybody is left alone for. */
    public static final Duration LONGEST = Duration.ofHours(1);

    private RetryAfter() {}

    /** The wish, at most an hour; nothing if there is none, if it is nonsense, or if its time has passed. */
    public static Optional<Duration> parse(String value, Instant now) {
        return value == null
                ? Optional.empty()
                : wish(value.strip(), now).filter(wish -> !wish.isNegative() && !wish.isZero());
    }

    private static Optional<Duration> wish(String text, Instant now) {
        if (SECONDS.matcher(text).matches()) {
            return Optional.of(text.length() > MAX_DIGITS ? LONGEST : capped(Duration.ofSeconds(Long.parseLong(text))));
        }
        try {
            Instant until = DateTimeFormatter.RFC_1123_DATE_TIME.parse(text, Instant::from);
            return Optional.of(capped(Duration.between(now, until)));
        } catch (DateTimeException nonsense) {
            return Optional.empty();
        }
    }

    private static Duration capped(Duration wish) {
        return wish.compareTo(LONGEST) > 0 ? LONGEST : wish;
    }
}
