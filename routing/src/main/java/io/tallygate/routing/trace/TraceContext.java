package io.tallygate.routing.trace;

import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The place of a piece of work in a trace, as the header {@code traceparent} says it (W3C Trace Context, level 1). The
 * header {@code tracestate} is neither read nor passed on.
 *
 * @param traceId 32 small hexadecimal digits, not all zero
 * @param parentId 16 of them, not all zero: who caused the work
 * @param sampled whether whoever caused it may have recorded it
 */
public record TraceContext(String traceId, String parentId, boolean sampled) {
    /** The header's name. */
    public static final String HEADER = "traceparent";

    // Section 3.2: of version 00 exactly this; a later one may go on after another hyphen. There is no version ff.
    private static final Pattern FORM =
            Pattern.compile("(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?");
    private static final int LONGEST = 512;
    private static final HexFormat HEX = HexFormat.of();

    /** What a header says; empty where there is none, or not in the form of the standard. */
    public static Optional<TraceContext> parse(String header) {
        if (header == null || header.length() > LONGEST) {
            return Optional.empty();
        }
        Matcher parts = FORM.matcher(header);
        if (!parts.matches() || (parts.group(1).equals("00") && parts.group(5) != null)) {
            return Optional.empty();
        }
        boolean sampled = (Integer.parseInt(parts.group(4), 16) & 1) == 1;
        return Optional.of(new TraceContext(parts.group(2), parts.group(3), sampled));
    }

    /** A trace that begins with this piece of work, named by its random id. */
    public static TraceContext startedBy(UUID id) {
        return new TraceContext(id.toString().replace("-", ""), anyId(), true);
    }

    /** The header for a call that is made because of this work: of the same trace, caused by a span of our own. */
    public String header() {
        return "00-" + traceId + "-" + anyId() + (sampled ? "-01" : "-00");
    }

    private static String anyId() {
        return HEX.toHexDigits(ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE));
    }
}
