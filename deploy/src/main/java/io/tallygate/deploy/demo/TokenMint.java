package io.tallygate.deploy.demo;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.tallygate.store.directory.TenantId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;

/** Makes the access tokens of the demo, with the claims of Microsoft's for an application. */
public final class TokenMint {
    /** Whom all tokens of the demo are for, whatever scope a client asks for. */
    public static final String AUDIENCE = "https://tallygate.demo";

    /** How long a token lives. */
    public static final Duration LIFE = Duration.ofHours(12);

    private final RSAKey key;
    private final String authority;
    private final Clock clock;

    /**
     * A mint for the issuers below this authority.
     *
     * @param authority {@code https://localhost:{port}}, without a slash at the end
     */
    TokenMint(RSAKey key, String authority, Clock clock) {
        this.key = key;
        this.authority = authority;
        this.clock = clock;
    }

    /** The issuer that speaks for this tenant, and for no other. */
    public String issuer(TenantId tenant) {
        return authority + "/" + tenant + "/v2.0";
    }

    /** A new access token for this client. */
    public String token(DemoClient client) {
        Instant now = clock.instant();
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .issuer(issuer(client.tenant()))
                .audience(AUDIENCE)
                .subject(client.clientId())
                .issueTime(Date.from(now))
                .notBeforeTime(Date.from(now))
                .expirationTime(Date.from(now.plus(LIFE)))
                .claim("tid", client.tenant().toString())
                .claim("oid", client.clientId())
                .claim("appid", client.clientId())
                .claim("azp", client.clientId())
                .claim("idtyp", "app")
                .claim("roles", client.roles())
                .claim("ver", "2.0")
                .build();
        return sign(claims);
    }

    private String sign(JWTClaimsSet claims) {
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.RS256)
                .keyID(key.getKeyID())
                .type(JOSEObjectType.JWT)
                .build();
        SignedJWT token = new SignedJWT(header, claims);
        try {
            token.sign(new RSASSASigner(key));
        } catch (JOSEException e) {
            throw new IllegalStateException("The key in signing-key.json cannot sign", e);
        }
        return token.serialize();
    }
}
