package io.tallygate.gateway.auth;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.List;

/**
 * Knows who calls: the trusted issuers with their keys, kept current, and the handler that lets their callers in. One
 * for the whole process, created outside of any verticle.
 */
public final class Authentication {
    private final Vertx vertx;
    private final TrustedIssuers issuers;
    private final TokenVerifier tokens;
    private final ApiKeyVerifier keys;

    private Authentication(Vertx vertx, AuthConfig config, Clock clock, ApiKeyVerifier keys) {
        this.vertx = vertx;
        this.issuers = new TrustedIssuers(vertx, config, clock);
        this.tokens = new TokenVerifier(config, clock, issuers.all());
        this.keys = keys;
    }

    /** The same without API keys. */
    public static Authentication create(Vertx vertx, AuthConfig config, Clock clock) {
        return create(vertx, config, clock, ApiKeyVerifier.none());
    }

    /**
     * Prepares it; nothing is fetched yet.
     *
     * @param keys takes the API keys
     * @throws IllegalArgumentException if the config has {@link AuthConfig#problems()}
     */
    public static Authentication create(Vertx vertx, AuthConfig config, Clock clock, ApiKeyVerifier keys) {
        List<String> problems = config.problems();
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException("auth: " + String.join("; ", problems));
        }
        return new Authentication(vertx, config, clock, keys);
    }

    /** To be mounted before every route that needs a caller. */
    public CallerHandler handler() {
        return handler(BrowserSessions.NONE);
    }

    /** The same where browsers have sessions. */
    public CallerHandler handler(BrowserSessions sessions) {
        return new CallerHandler(tokens, keys, sessions);
    }

    /**
     * The caller that an access token makes, wherever it came from; or an {@link
     * io.tallygate.gateway.http.ApiException}: 401, or 503 while the keys of its issuer cannot be had.
     */
    public Future<Caller> verify(String token) {
        Future<Caller> caller = tokens.verify(token);
        if (caller.isComplete()) {
            return caller;
        }
        // The keys may arrive on another thread; who asks goes on its own.
        Context own = vertx.getOrCreateContext();
        Promise<Caller> answer = Promise.promise();
        caller.onComplete(result -> own.runOnContext(now -> answer.handle(result)));
        return answer.future();
    }

    /**
     * Fetches every issuer's keys and keeps them current from then on. The future succeeds after the first round even
     * if an issuer is away: it stays not ready and is tried again every 5 s.
     */
    public Future<Void> start() {
        return issuers.start();
    }

    /**
     * Believes these issuers and no others from then on, once the keys of the new ones are there; if they cannot be had,
     * the future fails and says whose, and nothing has changed. One change at a time.
     */
    public Future<Void> change(List<IssuerConfig> others) {
        return issuers.change(others).onSuccess(changed -> tokens.believe(issuers.all()));
    }

    /** Whether the callers of every issuer can be told; else the gateway should get no traffic. */
    public boolean ready() {
        return problems().isEmpty();
    }

    /** For the readiness route: each issuer that has no usable keys, and why. */
    public List<String> problems() {
        return issuers().stream().flatMap(issuer -> issuer.problem().stream()).toList();
    }

    /** Each issuer's keys, as they are whenever they are asked. */
    public List<IssuerState> issuers() {
        return issuers.states();
    }

    /** For the readiness route: each issuer whose keys are good still, but no new ones can be had. */
    public List<String> warnings() {
        return issuers().stream().flatMap(issuer -> issuer.warning().stream()).toList();
    }

    /** Stops fetching and closes the connections. */
    public Future<Void> close() {
        return issuers.close();
    }
}
