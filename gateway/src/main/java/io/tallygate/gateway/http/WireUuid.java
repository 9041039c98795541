package io.tallygate.gateway.http;

import java.util.Optional;
import java.util.UUID;

/** UUIDs as clients write them: 36 characters, any case. {@link UUID#fromString} alone would take {@code 1-1-1-1-1}. */
public final class WireUuid {
    private static final String SHAPE = "00000000-0000-0000-0000-000000000000";

    private WireUuid() {}

    /** The UUID, or empty if the text is none. */
    public static Optional<UUID> parse(String text) {
        return isUuid(text) ? Optional.of(UUID.fromString(text)) : Optional.empty();
    }

    private static boolean isUuid(String text) {
        if (text.length() != SHAPE.length()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
            if (SHAPE.charAt(i) == '-' ? c != '-' : !hex) {
                return false;
            }
        }
        return true;
    }

    /**
     * The UUID.
     *
     * @throws ApiException {@code InvalidProperty}, naming the field
     */
    public static UUID require(String text, String field) {
        return parse(text)
                .orElseThrow(() -> ApiError.InvalidProperty.because("`" + field
                        + "` is not a UUID: expected 36 characters, for example"
                        + " 3fa85f64-5717-4562-b3fc-2c963f66afa6"));
    }
}
