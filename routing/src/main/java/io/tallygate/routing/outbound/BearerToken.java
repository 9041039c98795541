package io.tallygate.routing.outbound;

import java.util.regex.Pattern;

/** The form of a bearer token that we send: whoever gave it to us, it must not end the header. */
public final class BearerToken {
    /** The most bytes of one. */
    public static final int MAX_LENGTH = 16 * 1024;

    // b64token of RFC 6750, section 2.1.
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9._~+/-]+=*");

    private BearerToken() {}

    /** Whether the text may be sent as one. */
    public static boolean isOne(String text) {
        return text.length() <= MAX_LENGTH && FORM.matcher(text).matches();
    }
}
