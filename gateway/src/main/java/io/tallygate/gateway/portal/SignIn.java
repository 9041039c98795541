package io.tallygate.gateway.portal;

import io.tallygate.gateway.crypto.Base64Url;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Somebody on the way to sign in and back: kept by the browser alone, sealed.
 *
 * @param state must come back with the answer (RFC 6749, section 10.12)
 * @param nonce must be in the ID token (OpenID Connect Core, section 3.1.2.1)
 * @param verifier of PKCE (RFC 7636)
 * @param redirectUri where the answer is to go
 * @param returnTo where to go on afterwards
 * @param until when it must be done
 */
record SignIn(String state, String nonce, String verifier, String redirectUri, String returnTo, Instant until) {
    /** How long it may take. */
    static final Duration PATIENCE = Duration.ofMinutes(10);

    /** The portal's first page. */
    static final String HOME = "/portal/";

    private static final byte[] PURPOSE = "sign in".getBytes(StandardCharsets.UTF_8);
    private static final int LONGEST = 1024;
    // Nothing but the portal itself, so that nobody is led elsewhere.
    private static final Pattern IN_PORTAL = Pattern.compile("/portal/(?:#[\\x21\\x23-\\x5b\\x5d-\\x7e]*)?");

    /** A new one. */
    static SignIn begin(PortalSecrets secrets, String redirectUri, String returnTo, Instant now) {
        boolean good = returnTo != null
                && returnTo.length() <= LONGEST
                && IN_PORTAL.matcher(returnTo).matches();
        return new SignIn(
                secrets.randomText(),
                secrets.randomText(),
                secrets.randomText(),
                redirectUri,
                good ? returnTo : HOME,
                now.plus(PATIENCE));
    }

    /** For the cookie. */
    String seal(PortalSecrets secrets) {
        String text = new JsonObject()
                .put("state", state)
                .put("nonce", nonce)
                .put("verifier", verifier)
                .put("redirectUri", redirectUri)
                .put("returnTo", returnTo)
                .put("until", until.toString())
                .encode();
        return Base64Url.encode(secrets.seal(text, PURPOSE).getBytes());
    }

    /** What a cookie holds; empty if it is forged or too old. */
    static Optional<SignIn> open(PortalSecrets secrets, String cookie, Instant now) {
        return Base64Url.decode(cookie)
                .flatMap(bytes -> secrets.open(Buffer.buffer(bytes), PURPOSE))
                .map(SignIn::parse)
                .filter(signIn -> now.isBefore(signIn.until()));
    }

    private static SignIn parse(String text) {
        try {
            JsonObject json = new JsonObject(text);
            return new SignIn(
                    json.getString("state"),
                    json.getString("nonce"),
                    json.getString("verifier"),
                    json.getString("redirectUri"),
                    json.getString("returnTo"),
                    Instant.parse(json.getString("until")));
        } catch (DecodeException impossible) {
            throw new IllegalStateException("What was sealed is not what was written", impossible);
        }
    }

    /** Nothing of it. */
    @Override
    public String toString() {
        return "SignIn[" + until + "]";
    }
}
