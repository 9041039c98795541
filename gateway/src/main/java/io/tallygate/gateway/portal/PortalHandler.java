package io.tallygate.gateway.portal;

import io.tallygate.gateway.admission.BadCredentials;
import io.tallygate.gateway.auth.Actors;
import io.tallygate.gateway.auth.Caller;
import io.tallygate.gateway.auth.Role;
import io.tallygate.gateway.http.Answer;
import io.tallygate.gateway.http.QueryParameters;
import io.tallygate.gateway.observe.ObservedRequest;
import io.tallygate.gateway.portal.PortalSecrets.SessionText;
import io.tallygate.store.StoreBusyException;
import io.tallygate.store.StoreUnavailableException;
import io.tallygate.store.access.PortalSession;
import io.tallygate.store.access.PortalSessionStore;
import io.tallygate.store.directory.SubscriptionId;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Signing in, who is signed in, and signing out. */
final class PortalHandler {
    private static final Logger LOG = LoggerFactory.getLogger(PortalHandler.class);
    private static final int FOUND = 302;
    private static final String CALLBACK = "/portal/callback";

    private final PortalConfig config;
    private final SubscriptionId operatorSubscription;
    private final PortalCookies cookies;
    private final PortalSecrets secrets;
    private final PortalSessionStore store;
    private final OpenIdProvider provider;
    private final SignInAnswer answers;
    private final Clock clock;
    private final Consumer<PortalEvent> observer;

    PortalHandler(
            PortalConfig config,
            SubscriptionId operatorSubscription,
            PortalCookies cookies,
            PortalSecrets secrets,
            PortalSessionStore store,
            OpenIdProvider provider,
            SignInAnswer answers,
            Clock clock,
            Consumer<PortalEvent> observer) {
        this.config = config;
        this.operatorSubscription = operatorSubscription;
        this.cookies = cookies;
        this.secrets = secrets;
        this.store = store;
        this.provider = provider;
        this.answers = answers;
        this.clock = clock;
        this.observer = observer;
    }

    /** GET {@code /portal/signin?returnTo=}: to whoever signs people in. */
    Future<Answer> signIn(RoutingContext ctx) {
        HttpServerRequest request = ctx.request();
        String returnTo =
                new QueryParameters(ctx.queryParams()).find("returnTo").orElse(null);
        SignIn signIn = SignIn.begin(secrets, cookies.origin(request) + CALLBACK, returnTo, clock.instant());
        return provider.signInUri(signIn)
                .map(uri -> {
                    cookies.set(request, PortalCookies.SIGN_IN, signIn.seal(secrets), SignIn.PATIENCE.toSeconds());
                    return redirect(uri);
                })
                .otherwise(failure -> failed(SignInError.providerAway));
    }

    /** GET {@code /portal/callback}: back from there, with a code or with what went wrong. */
    Future<Answer> callback(RoutingContext ctx) {
        HttpServerRequest request = ctx.request();
        Optional<SignIn> begun = cookies.values(request, PortalCookies.SIGN_IN).stream()
                .findFirst()
                .flatMap(cookie -> SignIn.open(secrets, cookie, clock.instant()));
        // Whatever comes of it, it comes once; but another site's link to here must not end a sign-in that is under
        // way.
        if (begun.isEmpty() || SignInAnswer.answers(begun.get(), ctx.queryParams())) {
            cookies.clear(request, PortalCookies.SIGN_IN);
        }
        return Future.succeededFuture(ctx.queryParams())
                .compose(query ->
                        answers.read(begun, query, ObservedRequest.of(ctx).trace()))
                .compose(signedIn -> begin(ctx, signedIn))
                .onSuccess(begin -> observer.accept(PortalEvent.SIGNED_IN))
                .recover(failure -> notSignedIn(ctx, failure));
    }

    private Future<Answer> notSignedIn(RoutingContext ctx, Throwable failure) {
        if (failure instanceof SignInError.FailedException why) {
            if (why.exchanged()) {
                BadCredentials.count(ctx);
            }
            return Future.succeededFuture(failed(why.error()));
        }
        if (failure instanceof StoreBusyException || failure instanceof StoreUnavailableException) {
            LOG.warn("Somebody could not sign in: {}", failure.getMessage());
            return Future.succeededFuture(failed(SignInError.busy));
        }
        return Future.failedFuture(failure);
    }

    // Always a session of its own: one that was there before signing in may be known to somebody else.
    private Future<Answer> begin(RoutingContext ctx, SignInAnswer.SignedIn signedIn) {
        SessionText text = secrets.newSession();
        PortalSession session = new PortalSession(
                text.hash(),
                signedIn.caller().tenantId(),
                signedIn.caller().subject(),
                signedIn.tokens().seal(secrets, text.hash(), clock.instant()),
                null,
                false);
        return store.begin(session, config.maxAge(), replaced(ctx), Actors.of(ctx, signedIn.caller()))
                .map(begun -> {
                    cookies.set(ctx.request(), PortalCookies.SESSION, text.text());
                    return redirect(signedIn.returnTo());
                });
    }

    private Buffer replaced(RoutingContext ctx) {
        return cookies.values(ctx.request(), PortalCookies.SESSION).stream()
                .findFirst()
                .flatMap(secrets::session)
                .map(SessionText::hash)
                .orElse(null);
    }

    /** GET {@code /portal/session}: who is signed in; of a caller with a token what there is to say. */
    Future<Answer> session(RoutingContext ctx) {
        JsonObject answer = who(Caller.of(ctx));
        SessionVerifier.of(ctx).ifPresent(session -> describe(session, answer));
        return Future.succeededFuture(Answer.ok(answer));
    }

    private void describe(SessionVerifier.Open session, JsonObject answer) {
        SessionTokens.open(secrets, session.row()).ifPresent(tokens -> answer.put("name", tokens.name()));
        answer.put("csrf", session.text().csrf())
                .put("expiresAt", session.row().expiresAt().toString())
                .put("idleSeconds", config.idleTimeout().toSeconds());
    }

    private JsonObject who(Caller caller) {
        JsonArray roles = new JsonArray();
        for (Role role : Role.values()) {
            if (caller.has(role)) {
                roles.add(role.claimValue());
            }
        }
        JsonObject who = new JsonObject()
                .put("name", caller.subject())
                .put("subject", caller.subject())
                .put("tenantId", caller.tenantId().toString())
                .put("operator", caller.operates())
                .put("roles", roles);
        return caller.operates() ? who.put("operatorSubscription", operatorSubscription.toString()) : who;
    }

    /** POST {@code /portal/signout}: ends the session here, and says where it ends at who signed in. */
    Future<Answer> signOut(RoutingContext ctx) {
        return SessionVerifier.of(ctx)
                .map(session -> end(ctx, session.row()))
                .orElseGet(() -> Future.succeededFuture(new JsonObject()))
                .map(Answer::ok);
    }

    private Future<JsonObject> end(RoutingContext ctx, PortalSession session) {
        String home = cookies.origin(ctx.request()) + SignIn.HOME;
        return store.end(session.hash(), Actors.of(ctx))
                .onSuccess(ended -> signedOut(ctx))
                .compose(ended -> signOutUri(session, home))
                .map(uri -> new JsonObject().put("signOutUri", uri.orElse(null)));
    }

    private void signedOut(RoutingContext ctx) {
        cookies.clear(ctx.request(), PortalCookies.SESSION);
        observer.accept(PortalEvent.SIGNED_OUT);
    }

    // It is over here, whether the other one answers or not.
    private Future<Optional<String>> signOutUri(PortalSession session, String home) {
        return SessionTokens.open(secrets, session)
                .map(tokens -> provider.signOutUri(tokens.id(), home).otherwise(Optional.empty()))
                .orElseGet(() -> Future.succeededFuture(Optional.empty()));
    }

    private Answer failed(SignInError error) {
        observer.accept(PortalEvent.SIGN_IN_FAILED);
        return redirect(SignIn.HOME + "#/signin?error=" + error);
    }

    private static Answer redirect(String to) {
        return new Answer(FOUND, Map.of("Location", to), null);
    }
}
