package io.tallygate.gateway.auth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tallygate.gateway.crypto.Base64Url;
import io.tallygate.gateway.http.ApiError;
import io.tallygate.gateway.http.ApiException;
import io.tallygate.gateway.http.RefusalReason;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * A bearer token whose form is checked, and nothing else: a signed compact JWS (RFC 7515, section 7.1) of at most 8 KiB
 * in canonical base64url with strict JSON inside, signed with RS256, PS256 or ES256.
 *
 * <p>{@code typ} is required: Microsoft Entra and AD FS always send {@code JWT} in access tokens of both versions, RFC
 * 9068 demands {@code at+jwt}. Header fields that bring a key along or change how the rest is read are refused, not
 * ignored.
 */
final class Token {
    static final int MAX_LENGTH = 8 * 1024;

    private static final Set<String> ALGORITHMS = Set.of("RS256", "PS256", "ES256");
    private static final Set<String> ACCESS_TYPES = Set.of("at+jwt", "application/at+jwt");
    private static final List<String> REFUSED_FIELDS =
            List.of("crit", "b64", "jku", "jwk", "x5u", "x5c", "zip", "enc", "cty");

    private final String raw;
    private final String algorithm;
    private final Optional<String> keyId;
    private final int signatureLength;
    private final Claims claims;

    private Token(String raw, String algorithm, Optional<String> keyId, int signatureLength, Claims claims) {
        this.raw = raw;
        this.algorithm = algorithm;
        this.keyId = keyId;
        this.signatureLength = signatureLength;
        this.claims = claims;
    }

    /**
     * Checks the form of a bearer token.
     *
     * @throws ApiException {@link ApiError#InvalidAuthenticationToken}; the message says why and quotes nothing
     */
    static Token parse(String raw) {
        if (raw.length() > MAX_LENGTH) {
            throw refused(RefusalReason.TOKEN_TOO_LONG, "it is longer than " + MAX_LENGTH + " characters");
        }
        int first = raw.indexOf('.');
        int second = raw.indexOf('.', first + 1);
        if (first < 0 || second < 0 || raw.indexOf('.', second + 1) >= 0) {
            throw refused(RefusalReason.MALFORMED_TOKEN, "it is not three parts joined by dots");
        }
        ObjectNode header = object("header", raw.substring(0, first));
        String algorithm = algorithm(header);
        boolean typedAccessToken = typedAccessToken(header);
        Optional<String> keyId = keyId(header);
        for (String field : REFUSED_FIELDS) {
            if (header.has(field)) {
                throw refused(RefusalReason.HEADER_NOT_ALLOWED, "header field `" + field + "` is not supported");
            }
        }
        ObjectNode payload = object("payload", raw.substring(first + 1, second));
        int signatureLength = decode("signature", raw.substring(second + 1)).length;
        return new Token(raw, algorithm, keyId, signatureLength, Claims.of(payload, typedAccessToken));
    }

    /** A 401 that says why. */
    static ApiException refused(RefusalReason reason, String why) {
        return ApiError.InvalidAuthenticationToken.because(reason, "The access token is not accepted: " + why + ".");
    }

    /** The token itself, for the signature check only. */
    String raw() {
        return raw;
    }

    /** {@code alg}: RS256, PS256 or ES256. */
    String algorithm() {
        return algorithm;
    }

    /** {@code kid}, if present. */
    Optional<String> keyId() {
        return keyId;
    }

    /** Bytes of the signature. */
    int signatureLength() {
        return signatureLength;
    }

    /** What it claims. */
    Claims claims() {
        return claims;
    }

    /** Never the token. */
    @Override
    public String toString() {
        return "Token[" + algorithm + "]";
    }

    private static String algorithm(ObjectNode header) {
        JsonNode alg = header.path("alg");
        if (!alg.isTextual() || !ALGORITHMS.contains(alg.textValue())) {
            throw refused(RefusalReason.ALGORITHM_NOT_ALLOWED, "header field `alg` must be RS256, PS256 or ES256");
        }
        return alg.textValue();
    }

    private static boolean typedAccessToken(ObjectNode header) {
        JsonNode typ = header.path("typ");
        String type = typ.isTextual() ? typ.textValue().toLowerCase(Locale.ROOT) : "";
        boolean access = ACCESS_TYPES.contains(type);
        if (!access && !type.equals("jwt")) {
            throw refused(RefusalReason.NOT_AN_ACCESS_TOKEN, "header field `typ` must be JWT or at+jwt");
        }
        return access;
    }

    private static Optional<String> keyId(ObjectNode header) {
        JsonNode kid = header.get("kid");
        if (kid != null && !kid.isTextual()) {
            throw refused(RefusalReason.HEADER_NOT_ALLOWED, "header field `kid` must be a string");
        }
        return Optional.ofNullable(kid).map(JsonNode::textValue);
    }

    private static ObjectNode object(String part, String encoded) {
        try {
            return SmallJson.object(decode(part, encoded));
        } catch (IllegalArgumentException e) {
            throw refused(RefusalReason.MALFORMED_TOKEN, "its " + part + " " + e.getMessage());
        }
    }

    /** Only the one encoding of the bytes is taken: others would be a second token with the same signature. */
    private static byte[] decode(String part, String encoded) {
        return Base64Url.decode(encoded)
                .filter(bytes -> bytes.length > 0)
                .orElseThrow(() ->
                        refused(RefusalReason.MALFORMED_TOKEN, "its " + part + " is empty or not canonical base64url"));
    }
}
