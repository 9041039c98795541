package io.tallygate.gateway.auth;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/** The form that every address of an issuer must have. */
public final class HttpsUri {
    private HttpsUri() {}

    /** What is wrong with the address, if something is: it must be https with a host, no user and no fragment. */
    public static Optional<String> problem(String text) {
        final URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            return Optional.of("must be an https URL");
        }
        if (!"https".equalsIgnoreCase(uri.getScheme()) || uri.getHost() == null) {
            return Optional.of("must be an https URL with a host");
        }
        if (uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
            return Optional.of("must be an https URL without user and fragment");
        }
        return Optional.empty();
    }
}
