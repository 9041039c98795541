package io.tallygate.gateway.auth;

import static io.tallygate.gateway.auth.SigningKey.encode;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Tokens that must all be refused, by name: their form, algorithms, keys and headers. */
final class HostileTokens {
    private final TestTokens good;
    private final String trap;
    private final Map<String, String> tokens = new LinkedHashMap<>();

    private HostileTokens(TestTokens good, String trap) {
        this.good = good;
        this.trap = trap;
    }

    /**
     * Name to token.
     *
     * @param trap an https address that nobody may call, put wherever a token can name one
     */
    static Map<String, String> all(TestTokens good, String trap) {
        HostileTokens hostile = new HostileTokens(good, trap);
        hostile.forms();
        hostile.algorithms();
        hostile.signatures();
        hostile.keyIds();
        hostile.headers();
        HostileClaims.all(good, trap).forEach(hostile::add);
        return hostile.tokens;
    }

    private void forms() {
        String token = good.good("RS256");
        String[] parts = token.split("\\.", -1);
        add("empty", "");
        add("one dot", ".");
        add("two dots", "..");
        add("word", "token");
        add("header only", parts[0]);
        add("two parts", parts[0] + "." + parts[1]);
        add("empty signature", parts[0] + "." + parts[1] + ".");
        add("empty payload", parts[0] + ".." + parts[2]);
        add("empty header", "." + parts[1] + "." + parts[2]);
        add("four parts", token + "." + parts[2]);
        add("five parts (JWE)", token + ".." + parts[2]);
        add("trailing dot", token + ".");
        add("leading dot", "." + token);
        add("trailing equals sign", token + "=");
        add("padded payload", parts[0] + "." + parts[1] + "==." + parts[2]);
        add("trailing letter", token + "A");
        add("trailing bytes", token + "AAAA");
        add("space inside", parts[0] + "." + parts[1] + ". " + parts[2]);
        add("plain base64 alphabet", parts[0] + "." + parts[1] + "." + plainAlphabet(parts[2]));
        add("letter outside the alphabet", parts[0] + "." + parts[1] + "." + parts[2].substring(1) + "!");
        add("unused bits set", parts[0] + "." + parts[1] + "." + lastLetterBumped(parts[2]));
        add("64 KiB", parts[0] + "." + "A".repeat(64 * 1024) + "." + parts[2]);
        add("signed, but 8 KiB and more", signedWith(claims -> claims.put("pad", "x".repeat(8 * 1024))));
        add("token in JSON serialization", "{\"payload\":\"" + parts[1] + "\",\"signature\":\"" + parts[2] + "\"}");
        add("twice", token + "," + token);
    }

    private void algorithms() {
        String claims = good.claims().encode();
        for (String alg : new String[] {"none", "None", "NONE", "nOnE", ""}) {
            String unsigned = encode(header("RS256").put("alg", alg).encode()) + "." + encode(claims);
            add("alg '" + alg + "', two parts", unsigned);
            add("alg '" + alg + "', no signature", unsigned + ".");
            add("alg '" + alg + "', some signature", unsigned + "." + encode("x"));
        }
        byte[] der = good.rsa().pair().getPublic().getEncoded();
        String confused = encode(header("RS256").put("alg", "HS256").encode()) + "." + encode(claims);
        add("HS256 with the public key", confused + "." + encode(SigningKey.hmac(der, confused)));
        String jwk = good.rsa().jwk().getString("n");
        byte[] text = jwk.getBytes(StandardCharsets.US_ASCII);
        add("HS256 with the modulus", confused + "." + encode(SigningKey.hmac(text, confused)));
        add("RS512, properly signed", good.rsa().token("RS512", algorithm("RS512"), claims));
        add("rs256 in lower case", good.rsa().token("RS256", algorithm("rs256"), claims));
        add("RS256 with a space", good.rsa().token("RS256", algorithm("RS256 "), claims));
        add(
                "alg missing",
                good.rsa().token("RS256", header("RS256").putNull("alg").encode(), claims));
        add("alg absent", good.rsa().token("RS256", "{\"typ\":\"JWT\",\"kid\":\"rsa\"}", claims));
        add("alg number", good.rsa().token("RS256", raw("alg", "256"), claims));
        add("alg array", good.rsa().token("RS256", raw("alg", "[\"RS256\"]"), claims));
        add("EdDSA named", good.rsa().token("RS256", algorithm("EdDSA"), claims));
        add("ES256 named for the RSA key", good.rsa().token("RS256", algorithm("ES256"), claims));
        add("RS256 named, signed with PS256", good.rsa().token("PS256", algorithm("RS256"), claims));
        add("PS256 named, signed with RS256", good.rsa().token("RS256", algorithm("PS256"), claims));
    }

    private void signatures() {
        String[] parts = good.good("RS256").split("\\.", -1);
        String[] other = signedWith(claims -> claims.put("oid", "bob")).split("\\.", -1);
        add("signature of another token", parts[0] + "." + parts[1] + "." + other[2]);
        add("payload of another token", parts[0] + "." + other[1] + "." + parts[2]);
        add("header of another token", encode(header("RS256").put("x", 1).encode()) + "." + parts[1] + "." + parts[2]);
        add("one bit of the signature", parts[0] + "." + parts[1] + "." + encode(flipped(parts[2])));
        add("signature of zeros", parts[0] + "." + parts[1] + "." + encode(new byte[256]));
        add("signature a byte short", parts[0] + "." + parts[1] + "." + encode(new byte[255]));
        SigningKey stranger = SigningKey.rsa(good.rsa().kid());
        add(
                "a stranger's RSA key",
                stranger.token("RS256", header("RS256").encode(), good.claims().encode()));
        SigningKey strangerEc = SigningKey.ec(good.ec().kid());
        add(
                "a stranger's EC key",
                strangerEc.token(
                        "ES256", header("ES256").encode(), good.claims().encode()));
        String ec =
                encode(header("ES256").encode()) + "." + encode(good.claims().encode());
        add("ES256 signature of zeros", ec + "." + encode(new byte[64]));
        add("ES256 signature in DER", ec + "." + encode(good.ec().sign("ES256-DER", ec)));
        add(
                "ES256 signature of 63 bytes",
                ec + "." + encode(Arrays.copyOf(good.ec().sign("ES256", ec), 63)));
        add(
                "ES256 signature of 66 bytes",
                ec + "." + encode(Arrays.copyOf(good.ec().sign("ES256", ec), 66)));
    }

    private void keyIds() {
        for (String kid : new String[] {
            "unknown",
            "",
            "../../../../dev/null",
            "/etc/passwd",
            "rsa' OR '1'='1",
            "'; DROP TABLE keys;--",
            "${jndi:ldap://localhost/a}",
            trap,
            "RSA",
            "rsa\u0000",
            "rsa\r\nx: y"
        }) {
            add("kid " + JsonObject.of("kid", kid).encode(), headed(header -> header.put("kid", kid)));
        }
        add("kid null", headed(header -> header.putNull("kid")));
        add("kid number", headed(header -> header.put("kid", 1)));
        add("kid object", headed(header -> header.put("kid", new JsonObject())));
        add("kid of the EC key", headed(header -> header.put("kid", good.ec().kid())));
    }

    private void headers() {
        SigningKey own = SigningKey.rsa("own");
        String claims = good.claims().encode();
        JsonObject ownKey = header("RS256").put("jwk", own.jwk()).put("kid", "own");
        add("jwk of the attacker", own.token("RS256", ownKey.encode(), claims));
        JsonObject ownSet = header("RS256").put("jku", trap).put("kid", "own");
        add("jku of the attacker", own.token("RS256", ownSet.encode(), claims));
        JsonObject ownCertificate = header("RS256").put("x5u", trap).put("kid", "own");
        add("x5u of the attacker", own.token("RS256", ownCertificate.encode(), claims));
        add("jku", headed(header -> header.put("jku", trap)));
        add("x5u", headed(header -> header.put("x5u", trap)));
        add("jwk", headed(header -> header.put("jwk", good.rsa().jwk())));
        add("x5c", headed(header -> header.put("x5c", new JsonArray().add("MIIB"))));
        add(
                "crit unknown",
                headed(header -> header.put("crit", new JsonArray().add("x")).put("x", 1)));
        add("crit empty", headed(header -> header.put("crit", new JsonArray())));
        add("crit null", headed(header -> header.putNull("crit")));
        add("b64 false", headed(header -> header.put("b64", false)));
        add("zip", headed(header -> header.put("zip", "DEF")));
        add("enc", headed(header -> header.put("enc", "A256GCM")));
        add("cty nested", headed(header -> header.put("cty", "JWT")));
        for (String typ : new String[] {
            "", "JWS", "JOSE", "id_token+jwt", "logout+jwt", "dpop+jwt", "secevent+jwt", "at+jwt ", "application/jwt"
        }) {
            add("typ '" + typ + "'", headed(header -> header.put("typ", typ)));
        }
        add("typ absent", headed(header -> header.remove("typ")));
        add("typ null", headed(header -> header.putNull("typ")));
        add("typ array", headed(header -> header.put("typ", new JsonArray().add("JWT"))));
    }

    private void add(String name, String token) {
        if (tokens.put(name, token) != null) {
            throw new IllegalStateException("two tokens named " + name);
        }
    }

    private JsonObject header(String algorithm) {
        return good.header(algorithm);
    }

    private String algorithm(String named) {
        return header("RS256").put("alg", named).encode();
    }

    private String raw(String field, String value) {
        JsonObject header = header("RS256");
        header.remove(field);
        return "{\"" + field + "\":" + value + "," + header.encode().substring(1);
    }

    private String headed(Consumer<JsonObject> change) {
        JsonObject header = header("RS256");
        change.accept(header);
        return good.token(header, good.claims());
    }

    private String signedWith(Consumer<JsonObject> change) {
        JsonObject claims = good.claims();
        change.accept(claims);
        return good.with(claims);
    }

    private static byte[] flipped(String signature) {
        byte[] bytes = Base64.getUrlDecoder().decode(signature);
        bytes[bytes.length / 2] ^= 1;
        return bytes;
    }

    private static String plainAlphabet(String encoded) {
        String plain = encoded.replace('-', '+').replace('_', '/');
        return plain.equals(encoded) ? "+" + encoded.substring(1) : plain;
    }

    /** 256 bytes end in a letter with four unused bits; a lenient decoder takes its neighbour for the same bytes. */
    private static String lastLetterBumped(String encoded) {
        char last = encoded.charAt(encoded.length() - 1);
        return encoded.substring(0, encoded.length() - 1) + (char) (last + 1);
    }
}
