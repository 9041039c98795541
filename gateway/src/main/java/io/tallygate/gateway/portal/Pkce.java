package io.tallygate.gateway.portal;

import io.tallygate.gateway.crypto.Base64Url;
import io.tallygate.store.Sha256;
import java.nio.charset.StandardCharsets;

/** Proof Key for Code Exchange, by S256 alone (RFC 7636, section 4.2). */
final class Pkce {
    private Pkce() {}

    /** What goes ahead of the verifier. */
    static String challenge(String verifier) {
        return Base64Url.encode(Sha256.begin().digest(verifier.getBytes(StandardCharsets.US_ASCII)));
    }
}
