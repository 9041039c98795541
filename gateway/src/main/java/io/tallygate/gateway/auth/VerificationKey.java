package io.tallygate.gateway.auth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tallygate.gateway.crypto.Base64Url;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * A public key that may verify tokens under one algorithm: RSA of 2048 to 8192 bits, or EC on P-256 (RFC 7517, RFC
 * 7518 section 6).
 *
 * @param algorithm RS256, PS256 or ES256
 * @param id its {@code kid}, if it has one
 * @param signatureLength bytes of each signature that it can verify
 * @param jwk the key rebuilt from its checked numbers; nothing else of the issuer's document goes on
 */
record VerificationKey(String algorithm, Optional<String> id, int signatureLength, JsonObject jwk) {
    private static final ECParameterSpec P256 = p256();

    /**
     * Reads one entry of a key set: an RSA key without {@code alg} counts for RS256 and PS256.
     *
     * @throws IllegalArgumentException if it may not verify tokens; the message says why
     */
    static List<VerificationKey> of(JsonNode entry) {
        if (!(entry instanceof ObjectNode key)) {
            throw new IllegalArgumentException("is not an object");
        }
        requireForSignatures(key);
        return switch (text(key, "kty").orElse("")) {
            case "RSA" -> rsa(key);
            case "EC" -> ec(key);
            default -> throw new IllegalArgumentException("is neither RSA nor EC");
        };
    }

    private static void requireForSignatures(ObjectNode key) {
        if (!text(key, "use").orElse("sig").equals("sig")) {
            throw new IllegalArgumentException("is not for signatures (`use`)");
        }
        JsonNode operations = key.path("key_ops");
        boolean verifies = operations.isMissingNode();
        for (JsonNode operation : operations) {
            verifies |= "verify".equals(operation.textValue());
        }
        if (!verifies) {
            throw new IllegalArgumentException("is not for verifying (`key_ops`)");
        }
        if (key.has("d") || key.has("k")) {
            throw new IllegalArgumentException("is not only a public key: whoever read it could sign");
        }
    }

    private static List<VerificationKey> rsa(ObjectNode key) {
        BigInteger n = number(key, "n");
        BigInteger e = number(key, "e");
        if (n.bitLength() < 2048 || n.bitLength() > 8192 || !n.testBit(0)) {
            throw new IllegalArgumentException("is RSA of " + n.bitLength() + " bits, not of 2048 to 8192");
        }
        if (e.compareTo(BigInteger.valueOf(3)) < 0 || e.bitLength() > 64 || !e.testBit(0)) {
            throw new IllegalArgumentException("has an RSA exponent that proves nothing");
        }
        JsonObject jwk = new JsonObject().put("kty", "RSA").put("n", encode(n)).put("e", encode(e));
        int signatureLength = (n.bitLength() + 7) / 8;
        return algorithms(key, List.of("RS256", "PS256")).stream()
                .map(algorithm -> of(key, algorithm, signatureLength, jwk))
                .toList();
    }

    private static List<VerificationKey> ec(ObjectNode key) {
        if (!text(key, "crv").orElse("").equals("P-256")) {
            throw new IllegalArgumentException("is not on the curve P-256");
        }
        BigInteger x = number(key, "x");
        BigInteger y = number(key, "y");
        BigInteger p = ((ECFieldFp) P256.getCurve().getField()).getP();
        BigInteger right = x.pow(3)
                .add(P256.getCurve().getA().multiply(x))
                .add(P256.getCurve().getB());
        boolean onCurve = y.pow(2).subtract(right).mod(p).signum() == 0;
        if (x.compareTo(p) >= 0 || y.compareTo(p) >= 0 || !onCurve) {
            throw new IllegalArgumentException("is not a point on the curve P-256");
        }
        JsonObject jwk = new JsonObject()
                .put("kty", "EC")
                .put("crv", "P-256")
                .put("x", encode(x))
                .put("y", encode(y));
        return algorithms(key, List.of("ES256")).stream()
                .map(algorithm -> of(key, algorithm, 64, jwk))
                .toList();
    }

    private static VerificationKey of(ObjectNode key, String algorithm, int signatureLength, JsonObject numbers) {
        Optional<String> id = text(key, "kid");
        JsonObject jwk = numbers.copy().put("alg", algorithm).put("use", "sig");
        id.ifPresent(kid -> jwk.put("kid", kid));
        return new VerificationKey(algorithm, id, signatureLength, jwk);
    }

    private static List<String> algorithms(ObjectNode key, List<String> possible) {
        Optional<String> alg = text(key, "alg");
        if (alg.isPresent() && !possible.contains(alg.get())) {
            throw new IllegalArgumentException("has another `alg` than " + String.join(" or ", possible));
        }
        return alg.map(List::of).orElse(possible);
    }

    private static Optional<String> text(ObjectNode key, String name) {
        JsonNode value = key.get(name);
        if (value != null && !value.isTextual()) {
            throw new IllegalArgumentException("has a `" + name + "` that is no string");
        }
        return Optional.ofNullable(value).map(JsonNode::textValue);
    }

    private static BigInteger number(ObjectNode key, String name) {
        String encoded = text(key, name).orElseThrow(() -> new IllegalArgumentException("has no `" + name + "`"));
        try {
            return new BigInteger(1, Base64.getUrlDecoder().decode(encoded));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("has a `" + name + "` that is not base64url", e);
        }
    }

    private static String encode(BigInteger number) {
        byte[] bytes = number.toByteArray();
        int from = bytes.length > 1 && bytes[0] == 0 ? 1 : 0;
        byte[] unsigned = Arrays.copyOfRange(bytes, from, bytes.length);
        return Base64Url.encode(unsigned);
    }

    private static ECParameterSpec p256() {
        try {
            AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
            parameters.init(new ECGenParameterSpec("secp256r1"));
            return parameters.getParameterSpec(ECParameterSpec.class);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime has no curve P-256", e);
        }
    }
}
