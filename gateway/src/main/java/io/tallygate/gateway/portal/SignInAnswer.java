package io.tallygate.gateway.portal;

import io.tallygate.gateway.auth.Caller;
import io.tallygate.gateway.http.ApiError;
import io.tallygate.gateway.http.ApiException;
import io.tallygate.routing.trace.TraceContext;
import io.tallygate.store.Places;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What comes back from who signs in (RFC 6749, section 4.1.2): the state of the sign-in that this browser began, and a code that
 * is exchanged for tokens. Whatever is wrong becomes a {@link SignInError}.
 */
final class SignInAnswer {
    private static final Logger LOG = LoggerFactory.getLogger(SignInAnswer.class);
    private static final int LONGEST_CODE = 4096;
    // Anybody can make up codes: each is a connection to who signs in.
    private static final int MOST_AT_ONCE = 4;

    private final PortalConfig config;
    private final OpenIdProvider provider;
    private final Function<String, Future<Caller>> verifier;
    private final Clock clock;
    private final Places places = new Places(MOST_AT_ONCE);

    SignInAnswer(PortalConfig config, OpenIdProvider provider, Function<String, Future<Caller>> verifier, Clock clock) {
        this.config = config;
        this.provider = provider;
        this.verifier = verifier;
        this.clock = clock;
    }

    /** Who it is, and where to go on. */
    record SignedIn(Caller caller, SessionTokens tokens, String returnTo) {}

    /** Whether it is the answer to this sign-in. */
    static boolean answers(SignIn signIn, MultiMap query) {
        return same(signIn.state(), one(query, "state"));
    }

    /** Reads the answer to a sign-in; {@code begun} is empty if the browser knows of none, {@code trace} is the request's. */
    Future<SignedIn> read(Optional<SignIn> begun, MultiMap query, Optional<TraceContext> trace) {
        SignIn signIn = begun.filter(known -> answers(known, query))
                .orElseThrow(() -> SignInError.stateUnknown.because("there is no such sign-in"));
        String error = one(query, "error");
        if (!error.isEmpty()) {
            throw error.equals("access_denied")
                    ? SignInError.denied.because("denied")
                    : SignInError.providerRefused.because("the issuer answered with an error");
        }
        String code = one(query, "code");
        if (code.isEmpty() || code.length() > LONGEST_CODE) {
            throw SignInError.stateUnknown.because("there is no code");
        }
        if (!places.take()) {
            throw SignInError.busy.because("too many sign in at this moment");
        }
        return Future.succeededFuture(code)
                .compose(given -> provider.exchange(given, signIn, trace))
                .onComplete(done -> places.leave())
                .compose(answer -> provider.metadata().map(metadata -> tokens(answer, signIn, metadata)))
                .compose(tokens ->
                        verifier.apply(tokens.access()).map(caller -> new SignedIn(caller, tokens, signIn.returnTo())))
                .recover(SignInAnswer::told);
    }

    private SessionTokens tokens(TokenAnswer answer, SignIn signIn, ProviderMetadata metadata) {
        String name = answer.nameFor(config.clientId(), signIn.nonce(), metadata.issuer(), clock.instant());
        return new SessionTokens(answer.access(), answer.refresh(), answer.id().orElseThrow(), name);
    }

    private static Future<SignedIn> told(Throwable failure) {
        LOG.info("Somebody could not sign in: {}", failure.getMessage());
        return Future.failedFuture(error(failure).afterExchange(failure.getMessage()));
    }

    private static SignInError error(Throwable failure) {
        if (failure instanceof OpenIdProvider.RefusedException) {
            return SignInError.providerRefused;
        }
        if (failure instanceof IllegalArgumentException
                || (failure instanceof ApiException refusal
                        && refusal.error() == ApiError.InvalidAuthenticationToken)) {
            return SignInError.tokenRefused;
        }
        return SignInError.providerAway;
    }

    // A parameter that comes twice is none.
    private static String one(MultiMap query, String name) {
        List<String> values = query.getAll(name);
        return values.size() == 1 ? values.get(0) : "";
    }

    private static boolean same(String expected, String value) {
        return MessageDigest.isEqual(expected.getBytes(StandardCharsets.UTF_8), value.getBytes(StandardCharsets.UTF_8));
    }
}
