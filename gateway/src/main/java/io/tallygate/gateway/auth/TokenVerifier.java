package io.tallygate.gateway.auth;

import io.tallygate.gateway.http.ApiException;
import io.tallygate.gateway.http.RefusalReason;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A bearer token in, a {@link Caller} or a refusal out: form and types, then the issuer and its right to speak for the
 * tenant, then the signature, then times and audience.
 */
final class TokenVerifier {
    private static final Logger LOG = LoggerFactory.getLogger(TokenVerifier.class);

    /** An issuer with its keys. */
    record Issuer(IssuerConfig config, IssuerKeys keys) {}

    private final AuthConfig config;
    private final Clock clock;
    private final VerifiedTokens verified = new VerifiedTokens();
    private volatile List<Issuer> issuers;

    TokenVerifier(AuthConfig config, Clock clock, List<Issuer> issuers) {
        this.config = config;
        this.clock = clock;
        this.issuers = List.copyOf(issuers);
    }

    /** Believes these issuers and no others from now on. */
    void believe(List<Issuer> others) {
        issuers = List.copyOf(others);
    }

    /** The caller, or an {@link ApiException}: 401, or 503 if the issuer's keys were never had. */
    Future<Caller> verify(String raw) {
        return Future.succeededFuture(raw)
                .map(verified::parse)
                .compose(this::verifySignature)
                .map(this::caller)
                .recover(TokenVerifier::refuse);
    }

    private Future<Token> verifySignature(Token token) {
        IssuerKeys keys = issuer(token.claims()).keys();
        return keys.keysFor(token)
                .compose(set -> verified.isVerifiedBy(set, token)
                        ? Future.succeededFuture(token)
                        : set.verify(token).onSuccess(accepted -> verified.keep(set, token)));
    }

    /** An issuer that is configured exactly decides alone, even if a template would match too. */
    private Issuer issuer(Claims claims) {
        Issuer issuer = find(claims, false)
                .or(() -> find(claims, true))
                .orElseThrow(() -> Token.refused(
                        RefusalReason.UNKNOWN_ISSUER, "claim `iss` is no issuer that this gateway trusts"));
        if (!issuer.config().speaksFor(claims.tenant())) {
            throw Token.refused(
                    RefusalReason.ISSUER_NOT_FOR_TENANT, "its issuer may not speak for the tenant in claim `tid`");
        }
        return issuer;
    }

    private Optional<Issuer> find(Claims claims, boolean template) {
        return issuers.stream()
                .filter(issuer -> issuer.config().isTemplate() == template)
                .filter(issuer -> issuer.config().issuerFor(claims.tenant()).equals(claims.issuer()))
                .findFirst();
    }

    private Caller caller(Token token) {
        Claims claims = token.claims();
        checkTimes(claims);
        if (claims.audiences().stream().noneMatch(config.audiences()::contains)) {
            throw Token.refused(RefusalReason.WRONG_AUDIENCE, "claim `aud` does not name this gateway");
        }
        boolean operator = claims.tenant().equals(config.operatorTenant());
        return new Caller(claims.tenant(), claims.subject(), roles(claims.roles()), operator);
    }

    private void checkTimes(Claims claims) {
        Instant now = clock.instant();
        if (!now.isBefore(Instant.ofEpochSecond(claims.expiresAt()).plus(config.leeway()))) {
            throw Token.refused(RefusalReason.EXPIRED, "it has expired");
        }
        long latest = now.plus(config.leeway()).getEpochSecond();
        if (claims.notBefore().orElse(0) > latest || claims.issuedAt().orElse(0) > latest) {
            throw Token.refused(
                    RefusalReason.NOT_YET_VALID, "it is not valid yet (claim `nbf` or `iat` is in the future)");
        }
    }

    private Set<Role> roles(Set<String> claimed) {
        EnumSet<Role> roles = EnumSet.noneOf(Role.class);
        for (Map.Entry<Role, String> role : config.roleNames().entrySet()) {
            if (claimed.contains(role.getValue())) {
                roles.add(role.getKey());
            }
        }
        return roles;
    }

    /** Whatever goes wrong with a token is a refusal; the cause's message could quote the token, so only its kind. */
    private static Future<Caller> refuse(Throwable cause) {
        if (cause instanceof ApiException) {
            return Future.failedFuture(cause);
        }
        LOG.error("Checking a token failed with {}", cause.getClass().getName());
        return Future.failedFuture(Token.refused(RefusalReason.NOT_CHECKED, "it could not be checked"));
    }
}
