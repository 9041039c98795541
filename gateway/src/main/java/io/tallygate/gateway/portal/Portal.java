package io.tallygate.gateway.portal;

import io.tallygate.gateway.auth.BrowserSessions;
import io.tallygate.gateway.auth.Caller;
import io.tallygate.gateway.auth.HttpsDocuments;
import io.tallygate.gateway.http.Answer;
import io.tallygate.gateway.http.ApiError;
import io.tallygate.gateway.http.ApiException;
import io.tallygate.gateway.http.PublicAddress;
import io.tallygate.gateway.observe.ObservedRequest;
import io.tallygate.store.access.PortalSessionStore;
import io.tallygate.store.directory.SubscriptionId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/** The portal, or that there is none. One for the whole process. */
public final class Portal {
    private static final Duration DEADLINE = Duration.ofSeconds(5);
    private static final int CONNECTIONS = 4;

    private final PortalHandler handler;
    private final PortalFiles files;
    private final BrowserSessions sessions;
    private final List<HttpsDocuments> documents;

    private Portal(PortalHandler handler, PortalFiles files, BrowserSessions sessions, List<HttpsDocuments> documents) {
        this.handler = handler;
        this.files = files;
        this.sessions = sessions;
        this.documents = documents;
    }

    /** None: each of its paths is unknown, and says which setting is missing. */
    public static Portal off() {
        return new Portal(null, null, BrowserSessions.NONE, List.of());
    }

    /**
     * A portal; nothing is fetched yet.
     *
     * @param store must end sessions after the idle time of the config
     * @param operatorSubscription the default provider subscription: operators are told of it, whose routes need it
     * @param tokens the caller of an access token, or a failure with an {@link ApiException}
     * @param observer told of what happens to sessions
     */
    public static Portal create(
            Vertx vertx,
            PortalConfig config,
            PortalFiles files,
            PublicAddress address,
            SubscriptionId operatorSubscription,
            PortalSessionStore store,
            Function<String, Future<Caller>> tokens,
            Consumer<PortalEvent> observer,
            Clock clock) {
        HttpsDocuments signIns = new HttpsDocuments(vertx, config.caPem(), DEADLINE, CONNECTIONS);
        HttpsDocuments renewals = new HttpsDocuments(vertx, config.caPem(), DEADLINE, CONNECTIONS);
        OpenIdProvider provider = new OpenIdProvider(config, signIns, renewals, clock);
        PortalSecrets secrets = new PortalSecrets(config.secrets());
        PortalCookies cookies = new PortalCookies(address);
        SessionRenewal renewal = new SessionRenewal(store, secrets, provider, clock, observer);
        return new Portal(
                new PortalHandler(
                        config,
                        operatorSubscription,
                        cookies,
                        secrets,
                        store,
                        provider,
                        new SignInAnswer(config, provider, tokens, clock),
                        clock,
                        observer),
                files,
                new SessionVerifier(cookies, secrets, new SessionLookUps(store), renewal, tokens),
                List.of(signIns, renewals));
    }

    /** Takes the sessions of browsers as credentials. */
    public BrowserSessions sessions() {
        return sessions;
    }

    /** Fails for every path of the portal where there is none. */
    public void require(RoutingContext ctx) {
        on();
    }

    /** GET and HEAD of its files; goes on if there is no such file. */
    public void file(RoutingContext ctx) {
        ObservedRequest.of(ctx).routed("GET", "/portal/{file}");
        files.serve(ctx);
    }

    /** GET {@code /portal/signin}. */
    public Future<Answer> signIn(RoutingContext ctx) {
        return on().signIn(ctx);
    }

    /** GET {@code /portal/callback}. */
    public Future<Answer> callback(RoutingContext ctx) {
        return on().callback(ctx);
    }

    /** GET {@code /portal/session}. */
    public Future<Answer> session(RoutingContext ctx) {
        return on().session(ctx);
    }

    /** POST {@code /portal/signout}. */
    public Future<Answer> signOut(RoutingContext ctx) {
        return on().signOut(ctx);
    }

    /** Closes the connections to who signs in. */
    public Future<Void> close() {
        return Future.join(documents.stream().map(HttpsDocuments::close).toList())
                .mapEmpty();
    }

    private PortalHandler on() {
        if (handler == null) {
            throw ApiError.ResourceNotFound.because(
                    "There is no such route: this gateway has no portal, since `portal.clientId` is not set");
        }
        return handler;
    }
}
