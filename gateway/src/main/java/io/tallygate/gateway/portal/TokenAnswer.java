package io.tallygate.gateway.portal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tallygate.gateway.auth.SmallJson;
import io.tallygate.gateway.crypto.Base64Url;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a token endpoint gave (RFC 6749, section 5.1; OpenID Connect Core, section 3.1.3.3). The access token is verified by who
 * uses it. The ID token came over TLS from the endpoint itself, so that its signature need not be looked at (section 3.1.3.7,
 * number 6).
 */
record TokenAnswer(String access, Optional<String> refresh, Optional<String> id) {
    private static final int PAYLOAD = 1;
    private static final int PARTS = 3;
    private static final int LONGEST_NAME = 200;

    /**
     * Reads it.
     *
     * @throws IllegalArgumentException if it is none; the message quotes nothing of it
     */
    static TokenAnswer of(byte[] body) {
        ObjectNode answer = SmallJson.object(body);
        String type = answer.path("token_type").asText();
        Optional<String> access = text(answer, "access_token");
        if (!type.equalsIgnoreCase("Bearer") || access.isEmpty()) {
            throw new IllegalArgumentException("has no bearer access token");
        }
        return new TokenAnswer(access.get(), text(answer, "refresh_token"), text(answer, "id_token"));
    }

    /**
     * The name of the person in the ID token, once that is the one that was asked for.
     *
     * @throws IllegalArgumentException if it is not
     */
    String nameFor(String clientId, String nonce, String issuer, Instant now) {
        ObjectNode claims = payload(
                id.orElseThrow(() -> new IllegalArgumentException("has no ID token: the scope must contain openid")));
        if (!nonce.equals(claims.path("nonce").textValue())) {
            throw new IllegalArgumentException("has an ID token for another sign-in (nonce)");
        }
        if (!audiences(claims).contains(clientId)
                || !clientId.equals(text(claims, "azp").orElse(clientId))) {
            throw new IllegalArgumentException("has an ID token for another client (aud, azp)");
        }
        if (!isOf(issuer, claims)) {
            throw new IllegalArgumentException("has an ID token of another issuer (iss)");
        }
        if (!claims.path("exp").isIntegralNumber()
                || !now.isBefore(Instant.ofEpochSecond(claims.path("exp").longValue()))) {
            throw new IllegalArgumentException("has an ID token that is over (exp)");
        }
        return text(claims, "name")
                .or(() -> text(claims, "preferred_username"))
                .or(() -> text(claims, "email"))
                .or(() -> text(claims, "sub"))
                .map(name -> name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME))
                .orElseThrow(() -> new IllegalArgumentException("has an ID token of nobody (sub)"));
    }

    /** When a verified access token ends. */
    static Instant expiry(String access) {
        return Instant.ofEpochSecond(payload(access).path("exp").longValue());
    }

    // Microsoft Entra's for several organizations names the tenant by a placeholder.
    private static boolean isOf(String issuer, ObjectNode claims) {
        String tenant = claims.path("tid").asText();
        return issuer.replaceAll("(?i)\\{tenantid}", tenant.replaceAll("[^0-9A-Za-z-]", ""))
                .equals(claims.path("iss").textValue());
    }

    private static List<String> audiences(ObjectNode claims) {
        List<String> audiences = new ArrayList<>();
        JsonNode aud = claims.path("aud");
        if (aud.isTextual()) {
            audiences.add(aud.textValue());
        }
        aud.forEach(each -> audiences.add(each.asText()));
        return audiences;
    }

    private static ObjectNode payload(String token) {
        String[] parts = token.split("\\.", -1);
        if (parts.length != PARTS) {
            throw new IllegalArgumentException("has a token that is no signed JWT");
        }
        return SmallJson.object(Base64Url.decode(parts[PAYLOAD])
                .orElseThrow(() -> new IllegalArgumentException("has a token that is not base64url")));
    }

    private static Optional<String> text(ObjectNode object, String name) {
        return Optional.ofNullable(object.path(name).textValue()).filter(text -> !text.isBlank());
    }

    /** Nothing of them. */
    @Override
    public String toString() {
        return "TokenAnswer";
    }
}
