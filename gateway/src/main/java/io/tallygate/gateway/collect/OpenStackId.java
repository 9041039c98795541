package io.tallygate.gateway.collect;

import io.tallygate.gateway.http.WireUuid;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Ids of OpenStack's projects and domains: UUIDs, which Keystone writes without hyphens. */
final class OpenStackId {
    private static final Pattern HEX =
            Pattern.compile("(\\p{XDigit}{8})(\\p{XDigit}{4})(\\p{XDigit}{4})(\\p{XDigit}{4})(\\p{XDigit}{12})");

    private OpenStackId() {}

    /** The UUID, or empty if it is another id, such as {@code default}. */
    static Optional<UUID> parse(String id) {
        Matcher hex = HEX.matcher(id);
        return WireUuid.parse(hex.matches() ? hex.replaceFirst("$1-$2-$3-$4-$5") : id);
    }
}
