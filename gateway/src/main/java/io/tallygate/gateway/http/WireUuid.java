package io.tallygate.gateway.http;

import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** UUIDs as clients write them: 36 characters, any case. {@link UUID#fromString} alone would take {@code 1-1-1-1-1}. */
public final class WireUuid {
    private static final Pattern UUID_TEXT =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");

    private WireUuid() {}

    /** The UUID, or empty if the text is none. */
    public static Optional<UUID> parse(String text) {
        return UUID_TEXT.matcher(text).matches() ? Optional.of(UUID.fromString(text)) : Optional.empty();
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
