package io.tallygate.deploy.exports;

import io.tallygate.gateway.http.LenientTime;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a time of the command line: a UTC day, hour or minute, or a time with its offset. */
final class ReportedTime implements ITypeConverter<Instant> {
    private static final DateTimeFormatter TIME = new DateTimeFormatterBuilder()
            .parseCaseInsensitive()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .optionalStart()
            .appendLiteral('T')
            .appendPattern("HH[:mm[:ss]]")
            .optionalStart()
            .appendOffsetId()
            .optionalEnd()
            .optionalEnd()
            // Else a time without minutes would be read as its day.
            .parseDefaulting(ChronoField.MINUTE_OF_HOUR, 0)
            .parseDefaulting(ChronoField.SECOND_OF_MINUTE, 0)
            .toFormatter(Locale.ROOT)
            .withResolverStyle(ResolverStyle.STRICT);

    @Override
    public Instant convert(String text) {
        try {
            return LenientTime.parse(TIME, text);
        } catch (DateTimeException malformed) {
            throw new TypeConversionException("expected a time like 2026-11-01 or 2026-11-01T05:00Z, found " + text);
        }
    }
}
