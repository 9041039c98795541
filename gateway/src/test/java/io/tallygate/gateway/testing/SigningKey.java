package io.tallygate.gateway.testing;

import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A key pair of an issuer: publishes itself as a JWK and signs whatever it is given. */
public record SigningKey(String kid, KeyPair pair) {
    /** A new RSA key of 2048 bits. */
    public static SigningKey rsa(String kid) {
        return rsa(kid, 2048);
    }

    /** A new RSA key. */
    public static SigningKey rsa(String kid, int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits);
            return new SigningKey(kid, generator.generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A new key on P-256. */
    public static SigningKey ec(String kid) {
        return ec(kid, "secp256r1");
    }

    /** A new key on a curve, by its Java name. */
    public static SigningKey ec(String kid, String curve) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(curve));
            return new SigningKey(kid, generator.generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Its public half, without {@code alg}. */
    public JsonObject jwk() {
        PublicKey key = pair.getPublic();
        JsonObject jwk = new JsonObject().put("kid", kid).put("use", "sig");
        if (key instanceof RSAPublicKey rsa) {
            return jwk.put("kty", "RSA")
                    .put("n", number(rsa.getModulus(), (rsa.getModulus().bitLength() + 7) / 8))
                    .put("e", number(rsa.getPublicExponent(), 3));
        }
        ECPublicKey ec = (ECPublicKey) key;
        int bytes = (ec.getParams().getCurve().getField().getFieldSize() + 7) / 8;
        return jwk.put("kty", "EC")
                .put("crv", "P-" + ec.getParams().getCurve().getField().getFieldSize())
                .put("x", number(ec.getW().getAffineX(), bytes))
                .put("y", number(ec.getW().getAffineY(), bytes));
    }

    /** A token of any header and payload, signed with the algorithm, whatever the header says. */
    public String token(String algorithm, String header, String payload) {
        String input = encode(header) + "." + encode(payload);
        return input + "." + encode(sign(algorithm, input));
    }

    /** The signature of the text. */
    public byte[] sign(String algorithm, String input) {
        try {
            if (algorithm.equals("bare hash")) {
                return bareHash(input);
            }
            Signature signature = switch (algorithm) {
                case "RS256" -> Signature.getInstance("SHA256withRSA");
                case "RS1" -> Signature.getInstance("SHA1withRSA");
                case "RS512" -> Signature.getInstance("SHA512withRSA");
                case "PS256" -> pss(32);
                case "PS256-0" -> pss(0);
                case "PS256-64" -> pss(64);
                case "ES256" -> Signature.getInstance("SHA256withECDSAinP1363Format");
                case "ES256-DER" -> Signature.getInstance("SHA256withECDSA");
                default -> throw new IllegalArgumentException(algorithm);
            };
            signature.initSign(pair.getPrivate());
            signature.update(input.getBytes(StandardCharsets.US_ASCII));
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What an attacker computes who takes the public key for a shared secret. */
    public static byte[] hmac(byte[] secret, String input) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            return mac.doFinal(input.getBytes(StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Base64url of UTF-8. */
    public static String encode(String text) {
        return encode(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Base64url. */
    public static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** A hash that is padded and signed without saying which hash it is (RFC 8017, section 9.2, without step 2). */
    private byte[] bareHash(String input) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("RSA/ECB/PKCS1Padding");
        cipher.init(Cipher.ENCRYPT_MODE, pair.getPrivate());
        return cipher.doFinal(MessageDigest.getInstance("SHA-256").digest(input.getBytes(StandardCharsets.US_ASCII)));
    }

    private static Signature pss(int salt) throws GeneralSecurityException {
        Signature signature = Signature.getInstance("RSASSA-PSS");
        signature.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, salt, 1));
        return signature;
    }

    private static String number(BigInteger number, int bytes) {
        return encode(fixed(number, bytes));
    }

    /** The number without sign in so many bytes, the first of them lost if it is larger. */
    static byte[] fixed(BigInteger number, int bytes) {
        byte[] signed = number.toByteArray();
        byte[] fixed = new byte[bytes];
        int length = Math.min(bytes, signed.length);
        System.arraycopy(signed, signed.length - length, fixed, bytes - length, length);
        return fixed;
    }
}
