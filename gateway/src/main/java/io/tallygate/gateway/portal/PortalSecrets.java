package io.tallygate.gateway.portal;

import io.tallygate.gateway.crypto.Base64Url;
import io.tallygate.gateway.crypto.Hmac;
import io.tallygate.gateway.crypto.SealingKeys;
import io.tallygate.store.Sha256;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What the portal's cookies are made of. A session's text is 32 random bytes and 16 of their HMAC-SHA256, in base64url: one that
 * no gateway made is refused without a look into the database. Texts are sealed for one purpose each.
 */
final class PortalSecrets {
    private static final int RANDOM = 32;
    private static final int PROOF = 16;
    private static final int TEXT = (RANDOM + PROOF) / 3 * 4;

    private final SealingKeys keys;
    private final List<Proofs> proofs;

    private record Proofs(Hmac text, Hmac csrf) {}

    /**
     * A session's text and what follows from it.
     *
     * @param text what the cookie holds
     * @param hash what the database knows it by
     * @param csrf what the portal's pages say to show that they are the portal's
     */
    record SessionText(String text, Buffer hash, String csrf) {
        /** Whether this is the session's value, in the same time for every wrong one. */
        boolean isCsrf(String value) {
            return value != null
                    && MessageDigest.isEqual(
                            csrf.getBytes(StandardCharsets.UTF_8), value.getBytes(StandardCharsets.UTF_8));
        }

        /** Nothing of it. */
        @Override
        public String toString() {
            return "SessionText";
        }
    }

    /** Makes under the first secret, takes what was made under any. */
    PortalSecrets(List<String> secrets) {
        keys = new SealingKeys(secrets, "tallygate portal");
        proofs = secrets.stream().map(Hmac::under).map(PortalSecrets::proofs).toList();
    }

    /** A new session's. */
    SessionText newSession() {
        return session(proofs.get(0), Hmac.randomBytes(RANDOM));
    }

    /** What a cookie's value says; empty if no gateway made it under one of the secrets. */
    Optional<SessionText> session(String text) {
        if (text.length() != TEXT) {
            return Optional.empty();
        }
        return Base64Url.decode(text).flatMap(bytes -> {
            byte[] id = Arrays.copyOf(bytes, RANDOM);
            return proofs.stream()
                    .map(each -> session(each, id))
                    .filter(made -> MessageDigest.isEqual(
                            made.text().getBytes(StandardCharsets.UTF_8), text.getBytes(StandardCharsets.UTF_8)))
                    .findFirst();
        });
    }

    private static SessionText session(Proofs proofs, byte[] id) {
        byte[] proof = Arrays.copyOf(proofs.text().of(id), PROOF);
        return new SessionText(
                Base64Url.encode(Buffer.buffer(id).appendBytes(proof).getBytes()),
                Buffer.buffer(Sha256.begin().digest(id)),
                Base64Url.encode(proofs.csrf().of(id)));
    }

    /** Random text that fits into an address: 256 bits. */
    String randomText() {
        return Base64Url.encode(Hmac.randomBytes(RANDOM));
    }

    /** Seals a text for a purpose. */
    Buffer seal(String text, byte[] purpose) {
        byte[] nonce = Hmac.randomBytes(SealingKeys.NONCE);
        return Buffer.buffer(keys.seal(nonce, text.getBytes(StandardCharsets.UTF_8), purpose));
    }

    /** The text that was sealed for this purpose; empty if it is forged, of another purpose, or of a secret that is gone. */
    Optional<String> open(Buffer sealed, byte[] purpose) {
        return keys.open(sealed.getBytes(), purpose).map(text -> new String(text, StandardCharsets.UTF_8));
    }

    private static Proofs proofs(Hmac secret) {
        return new Proofs(secret.derive("tallygate portal proofs"), secret.derive("tallygate portal csrf"));
    }
}
