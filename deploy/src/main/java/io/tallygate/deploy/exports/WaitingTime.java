package io.tallygate.deploy.exports;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a duration of the command line: {@code 90s}, {@code 10m}, {@code 2h} or ISO 8601. */
final class WaitingTime implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
        String iso = text.toUpperCase(Locale.ROOT);
        try {
            return Duration.parse(iso.startsWith("P") ? iso : "PT" + iso);
        } catch (DateTimeException malformed) {
            throw new TypeConversionException("expected a time like 90s, 10m or 2h, found " + text);
        }
    }
}
