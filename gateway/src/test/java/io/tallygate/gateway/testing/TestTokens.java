package io.tallygate.gateway.testing;

import io.tallygate.store.directory.TenantId;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.UUID;

/** Good tokens of one issuer, to take as they are or to spoil. */
public record TestTokens(String issuer, Instant now, SigningKey rsa, SigningKey ec) {
    public static final String AUDIENCE = "https://usage.example/api";
    public static final TenantId OPERATOR = new TenantId(UUID.fromString("0a000000-0000-4000-8000-00000000000a"));
    public static final TenantId TENANT = new TenantId(UUID.fromString("1b000000-0000-4000-8000-00000000000b"));
    public static final TenantId STRANGER = new TenantId(UUID.fromString("2c000000-0000-4000-8000-00000000000c"));

    /** Those of a caller of {@link #TENANT} who may read its usage. */
    public JsonObject claims() {
        return new JsonObject()
                .put("iss", issuer)
                .put("tid", TENANT.toString())
                .put("aud", AUDIENCE)
                .put("exp", now.getEpochSecond() + 3600)
                .put("nbf", now.getEpochSecond())
                .put("iat", now.getEpochSecond())
                .put("oid", "alice")
                .put("roles", new JsonArray().add("Usage.Read"));
    }

    /** The header for RS256, PS256 or ES256. */
    public JsonObject header(String algorithm) {
        SigningKey key = algorithm.equals("ES256") ? ec : rsa;
        return new JsonObject().put("typ", "JWT").put("alg", algorithm).put("kid", key.kid());
    }

    /** A token that is accepted. */
    public String good(String algorithm) {
        return token(header(algorithm), claims());
    }

    /** These claims, signed with RS256. */
    public String with(JsonObject claims) {
        return token(header("RS256"), claims);
    }

    /** Properly signed with the algorithm that the header names. */
    public String token(JsonObject header, JsonObject claims) {
        return token(header, claims.encode());
    }

    /** The same for a payload that need not be JSON. */
    public String token(JsonObject header, String claims) {
        String algorithm = header.getString("alg");
        return (algorithm.equals("ES256") ? ec : rsa).token(algorithm, header.encode(), claims);
    }
}
