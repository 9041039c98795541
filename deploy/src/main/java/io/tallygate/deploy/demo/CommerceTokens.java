package io.tallygate.deploy.demo;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import java.util.List;

/** Decides who may bill: whoever has a token of the demo's identity provider with the role for it. */
final class CommerceTokens {
    private static final String SCHEME = "Bearer ";

    private final JWSVerifier verifier;
    private final Clock clock;
    private Accepted last = new Accepted("", Instant.MIN);

    /** A token that was good, and until when. */
    private record Accepted(String header, Instant expiry) {}

    /** The answer to a caller. */
    enum Decision {
        ALLOWED,
        /** No token, or not a good one. */
        UNAUTHORIZED,
        /** A good token of somebody who may not bill. */
        FORBIDDEN
    }

    /** Takes tokens signed with this key. */
    CommerceTokens(RSAKey key, Clock clock) throws JOSEException {
        this.verifier = new RSASSAVerifier(key.toRSAPublicKey());
        this.clock = clock;
    }

    /**
     * Whether this caller may bill.
     *
     * @param header the {@code Authorization} header, or null
     */
    synchronized Decision decide(String header) {
        if (header == null || !header.startsWith(SCHEME)) {
            return Decision.UNAUTHORIZED;
        }
        // A gateway sends the same token a thousand times a minute.
        if (header.equals(last.header()) && clock.instant().isBefore(last.expiry())) {
            return Decision.ALLOWED;
        }
        try {
            return verify(header, SignedJWT.parse(header.substring(SCHEME.length())));
        } catch (ParseException | JOSEException e) {
            return Decision.UNAUTHORIZED;
        }
    }

    private Decision verify(String header, SignedJWT token) throws ParseException, JOSEException {
        JWTClaimsSet claims = token.getJWTClaimsSet();
        Date expiry = claims.getExpirationTime();
        Date begin = claims.getNotBeforeTime();
        Instant now = clock.instant();
        boolean good = JWSAlgorithm.RS256.equals(token.getHeader().getAlgorithm())
                && token.verify(verifier)
                && claims.getAudience().equals(List.of(TokenMint.AUDIENCE))
                && expiry != null
                && now.isBefore(expiry.toInstant())
                && (begin == null || !now.isBefore(begin.toInstant()));
        if (!good) {
            return Decision.UNAUTHORIZED;
        }
        List<String> roles = claims.getStringListClaim("roles");
        if (roles == null || !roles.contains(DemoClients.COMMERCE_ROLE)) {
            return Decision.FORBIDDEN;
        }
        last = new Accepted(header, expiry.toInstant());
        return Decision.ALLOWED;
    }
}
