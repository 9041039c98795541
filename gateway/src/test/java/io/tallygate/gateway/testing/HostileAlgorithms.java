package io.tallygate.gateway.testing;

import static io.tallygate.gateway.http.RefusalReason.ALGORITHM_NOT_ALLOWED;
import static io.tallygate.gateway.http.RefusalReason.BAD_SIGNATURE;
import static io.tallygate.gateway.http.RefusalReason.MALFORMED_TOKEN;
import static io.tallygate.gateway.http.RefusalReason.UNKNOWN_KEY;
import static io.tallygate.gateway.testing.SigningKey.encode;

import io.tallygate.gateway.http.RefusalReason;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Algorithms that are none, or not those of the key (RFC 8725, sections 2.1 and 3.1). */
final class HostileAlgorithms {
    private final TokenTable table;
    private final TestTokens good;

    HostileAlgorithms(TokenTable table) {
        this.table = table;
        this.good = table.good();
    }

    void add() {
        table.group("No algorithm (RFC 8725, 2.1)");
        for (String alg : new String[] {"none", "None", "NONE", "nOnE", "", " none", "none\u0000", "n\u043ene"}) {
            String unsigned = encode(named(alg)) + "." + encode(table.claims());
            String name = "`alg` " + JsonObject.of("alg", alg).encode();
            table.add(MALFORMED_TOKEN, name + ", two parts", unsigned);
            table.add(ALGORITHM_NOT_ALLOWED, name + ", no signature", unsigned + ".");
            table.add(ALGORITHM_NOT_ALLOWED, name + ", any signature", unsigned + "." + encode("x"));
        }
        table.add(ALGORITHM_NOT_ALLOWED, "`alg` absent", table.under("{\"typ\":\"JWT\",\"kid\":\"rsa\"}"));
        for (String value : new String[] {"null", "256", "true", "[\"RS256\"]", "{\"alg\":\"RS256\"}", "\"\""}) {
            table.add(ALGORITHM_NOT_ALLOWED, "`alg` is " + value, table.headed("alg", value));
        }

        table.group("Public key as a shared secret (RFC 8725, 2.1)");
        hmac("DER", good.rsa().pair().getPublic().getEncoded());
        hmac("PEM", pem(good.rsa()));
        hmac("modulus", good.rsa().jwk().getString("n").getBytes(StandardCharsets.US_ASCII));
        hmac("JWK", good.rsa().jwk().encode().getBytes(StandardCharsets.UTF_8));
        hmac("key id", good.rsa().kid().getBytes(StandardCharsets.UTF_8));
        hmac("empty", new byte[] {0});

        table.group("Algorithms of other keys, or look-alikes (RFC 8725, 3.1)");
        table.add(
                ALGORITHM_NOT_ALLOWED,
                "RS512, properly signed",
                good.rsa().token("RS512", named("RS512"), table.claims()));
        table.add(ALGORITHM_NOT_ALLOWED, "RS1, properly signed", good.rsa().token("RS1", named("RS1"), table.claims()));
        for (String alg : new String[] {
            "rs256",
            "RS256 ",
            "RS256\u0000",
            "R\u0405256",
            "\uff32\uff33256",
            "RS-256",
            "SHA256withRSA",
            "EdDSA",
            "ES256K",
            "dir"
        }) {
            table.add(
                    ALGORITHM_NOT_ALLOWED, "`alg` " + JsonObject.of("alg", alg).encode(), table.under(named(alg)));
        }
        signed(UNKNOWN_KEY, "ES256 named, RSA key and signature", "RS256", "ES256");
        signed(BAD_SIGNATURE, "RS256 named, signed with PS256", "PS256", "RS256");
        signed(BAD_SIGNATURE, "PS256 named, signed with RS256", "RS256", "PS256");
        signed(BAD_SIGNATURE, "RS256 named, signed with SHA-1", "RS1", "RS256");
        signed(BAD_SIGNATURE, "RS256 named, signed with SHA-512", "RS512", "RS256");
        signed(BAD_SIGNATURE, "PS256 named, no salt", "PS256-0", "PS256");
        signed(BAD_SIGNATURE, "PS256 named, 64 bytes of salt", "PS256-64", "PS256");
        table.add(
                UNKNOWN_KEY,
                "RS256 named for the EC key",
                good.ec()
                        .token(
                                "ES256",
                                good.header("RS256").put("kid", good.ec().kid()).encode(),
                                table.claims()));
    }

    private void signed(RefusalReason reason, String name, String signedWith, String namedAs) {
        table.add(reason, name, good.rsa().token(signedWith, named(namedAs), table.claims()));
    }

    private void hmac(String secret, byte[] key) {
        String input = encode(named("HS256")) + "." + encode(table.claims());
        table.add(ALGORITHM_NOT_ALLOWED, "HS256: " + secret, input + "." + encode(SigningKey.hmac(key, input)));
    }

    private String named(String alg) {
        return good.header("RS256").put("alg", alg).encode();
    }

    private static byte[] pem(SigningKey key) {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'})
                .encodeToString(key.pair().getPublic().getEncoded());
        return ("-----BEGIN PUBLIC KEY-----\n" + body + "\n-----END PUBLIC KEY-----\n")
                .getBytes(StandardCharsets.US_ASCII);
    }
}
