package io.tallygate.deploy.demo;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.tallygate.deploy.demo.SignInGrants.Grant;
import io.tallygate.store.directory.TenantId;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import java.util.UUID;

/** Makes the tokens of the demo, with the claims of Microsoft's for an application or for a person. */
public final class TokenMint {
    /** Whom all tokens of the demo are for, whatever scope a client asks for. */
    public static final String AUDIENCE = "https://tallygate.demo";

    /** How long a token lives. */
    public static final Duration LIFE = Duration.ofHours(12);

    /** How long the tokens of a person live. */
    static final Duration PERSON_LIFE = Duration.ofHours(1);

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

    /** The issuers of all tenants, as Microsoft's discovery for several organizations names them. */
    String issuerTemplate() {
        return authority + "/{tenantid}/v2.0";
    }

    /** An access token for somebody who signed in. */
    String accessToken(Grant grant) {
        return sign(person(grant)
                .audience(AUDIENCE)
                .jwtID(UUID.randomUUID().toString())
                .claim("azp", grant.clientId())
                .claim("idtyp", "user")
                .claim("scp", "access")
                .claim("roles", grant.person().roles())
                .build());
    }

    /** An ID token for the client that somebody signed in to. */
    String idToken(Grant grant) {
        return sign(person(grant)
                .audience(grant.clientId())
                .claim("nonce", grant.nonce())
                .claim("sid", grant.session())
                .claim("name", grant.person().name())
                .claim("preferred_username", grant.person().email())
                .build());
    }

    /** What an ID token of ours says of the sign-in that it came from, even if its time is over. */
    Optional<String> sessionOf(String idToken) {
        try {
            SignedJWT token = SignedJWT.parse(idToken);
            return token.verify(new RSASSAVerifier(key))
                    ? Optional.ofNullable(token.getJWTClaimsSet().getStringClaim("sid"))
                    : Optional.empty();
        } catch (ParseException | JOSEException none) {
            return Optional.empty();
        }
    }

    private JWTClaimsSet.Builder person(Grant grant) {
        Instant now = clock.instant();
        return new JWTClaimsSet.Builder()
                .issuer(issuer(grant.person().tenant()))
                .subject(grant.person().id())
                .issueTime(Date.from(now))
                .notBeforeTime(Date.from(now))
                .expirationTime(Date.from(now.plus(PERSON_LIFE)))
                .claim("tid", grant.person().tenant().toString())
                .claim("oid", grant.person().id())
                .claim("ver", "2.0");
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
