package io.tallygate.deploy.config;

import java.math.BigInteger;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The types of settings that are one text: numbers, durations, ids, names. */
final class ScalarTypes {
    private static final Pattern UUID_TEXT = Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");
    private static final Pattern SHORT_DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
    private static final Pattern SIZE = Pattern.compile("(\\d{1,18})\\s?(|KiB|MiB|GiB)");
    private static final Map<String, Integer> SHIFTS = Map.of("", 0, "KiB", 10, "MiB", 20, "GiB", 30);

    private ScalarTypes() {}

    /** Any text but an empty one. */
    static SettingType<String> text() {
        return text(1);
    }

    /** A text of so many characters at least. */
    static SettingType<String> text(int least) {
        return SettingType.scalar("text", text -> requireLength(text, least));
    }

    static String requireLength(String text, int least) throws InvalidValueException {
        if (text.isBlank()) {
            throw new InvalidValueException("is empty: expected a text, or leave it out");
        }
        if (text.codePointCount(0, text.length()) < least) {
            throw new InvalidValueException("expected " + least + " characters or more");
        }
        return text;
    }

    /** A text of one line: a line break, as at the end of a pasted secret, would spoil the header that it goes into. */
    static String requireLine(String text) throws InvalidValueException {
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw new InvalidValueException("expected a text without line breaks and other control characters");
        }
        return requireLength(text, 1);
    }

    /** A whole number within bounds, both included. */
    static SettingType<Integer> integer(int least, int most) {
        return SettingType.scalar("number", text -> {
            if (!text.matches("\\d{1,9}") || Integer.parseInt(text) < least || Integer.parseInt(text) > most) {
                throw new InvalidValueException("expected a whole number from " + least + " to " + most);
            }
            return Integer.parseInt(text);
        });
    }

    /** A TCP port; 0 takes a free one. */
    static SettingType<Integer> port() {
        return new SettingType<>("port", integer(0, 65535).reader());
    }

    /** A number of bytes within bounds, both included: {@code 8388608} or {@code 8MiB}. */
    static SettingType<Integer> bytes(int least, int most) {
        return SettingType.scalar("bytes", text -> {
            Matcher matcher = SIZE.matcher(text);
            if (matcher.matches()) {
                BigInteger bytes = new BigInteger(matcher.group(1)).shiftLeft(SHIFTS.get(matcher.group(2)));
                if (bytes.compareTo(BigInteger.valueOf(least)) >= 0 && bytes.compareTo(BigInteger.valueOf(most)) <= 0) {
                    return bytes.intValueExact();
                }
            }
            throw new InvalidValueException(
                    "expected a number of bytes from " + least + " to " + most + ", such as 8388608 or 8MiB");
        });
    }

    /** A duration within bounds, both included: ISO-8601 ({@code PT10S}, {@code P30D}) or {@code 10s}, {@code 5m}. */
    static SettingType<Duration> duration(Duration least, Duration most) {
        return SettingType.scalar("duration", text -> {
            Duration duration = parseDuration(text);
            if (duration == null || duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
                throw new InvalidValueException(
                        "expected a duration from " + least + " to " + most + ", such as PT10S, 10s or 5m");
            }
            return duration;
        });
    }

    private static Duration parseDuration(String text) {
        Matcher matcher = SHORT_DURATION.matcher(text);
        if (matcher.matches()) {
            long amount = Long.parseLong(matcher.group(1));
            return switch (matcher.group(2)) {
                case "ms" -> Duration.ofMillis(amount);
                case "s" -> Duration.ofSeconds(amount);
                case "m" -> Duration.ofMinutes(amount);
                case "h" -> Duration.ofHours(amount);
                default -> Duration.ofDays(amount);
            };
        }
        try {
            return Duration.parse(text);
        } catch (DateTimeParseException | ArithmeticException e) {
            return null;
        }
    }

    /** {@code true} or {@code false}. */
    static SettingType<Boolean> bool() {
        return SettingType.scalar("true or false", text -> switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new InvalidValueException("expected true or false");
        });
    }

    /** One of the words of an enumeration, as it is written there. */
    static <E extends Enum<E>> SettingType<E> word(Class<E> words) {
        return SettingType.scalar("word", text -> {
            List<E> all = List.of(words.getEnumConstants());
            return all.stream()
                    .filter(word -> word.name().equals(text))
                    .findFirst()
                    .orElseThrow(() -> new InvalidValueException(
                            "expected one of " + all.stream().map(Enum::name).collect(Collectors.joining(", "))));
        });
    }

    /** A UUID of 36 characters. */
    static SettingType<UUID> uuid() {
        return SettingType.scalar("UUID", ScalarTypes::parseUuid);
    }

    static UUID parseUuid(String text) throws InvalidValueException {
        if (!UUID_TEXT.matcher(text).matches()) {
            throw new InvalidValueException("expected a UUID, such as 6f0c8d1e-2b1f-4c5e-9b43-2f9a51d0c1a7");
        }
        return UUID.fromString(text.toLowerCase(Locale.ROOT));
    }
}
