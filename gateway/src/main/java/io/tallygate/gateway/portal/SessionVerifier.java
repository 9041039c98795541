package io.tallygate.gateway.portal;

import io.tallygate.gateway.auth.BrowserSessions;
import io.tallygate.gateway.auth.Caller;
import io.tallygate.gateway.http.ApiError;
import io.tallygate.gateway.http.ApiException;
import io.tallygate.gateway.http.RefusalReason;
import io.tallygate.gateway.observe.ObservedRequest;
import io.tallygate.gateway.portal.PortalSecrets.SessionText;
import io.tallygate.store.access.PortalSession;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cookie of a session in, the {@link Caller} of its access token or a refusal out. The session is read at each request:
 * one that was ended anywhere is refused from then on.
 */
final class SessionVerifier implements BrowserSessions {
    private static final Logger LOG = LoggerFactory.getLogger(SessionVerifier.class);
    private static final String KEY = SessionVerifier.class.getName();
    private static final String CSRF_HEADER = "x-tallygate-csrf";
    private static final String FETCH_SITE = "Sec-Fetch-Site";
    private static final String WHO = "/portal/session";
    private static final int UNAUTHORIZED = 401;

    private final PortalCookies cookies;
    private final PortalSecrets secrets;
    private final SessionLookUps lookUps;
    private final SessionRenewal renewal;
    private final Function<String, Future<Caller>> tokens;

    SessionVerifier(
            PortalCookies cookies,
            PortalSecrets secrets,
            SessionLookUps lookUps,
            SessionRenewal renewal,
            Function<String, Future<Caller>> tokens) {
        this.cookies = cookies;
        this.secrets = secrets;
        this.lookUps = lookUps;
        this.renewal = renewal;
        this.tokens = tokens;
    }

    @Override
    public Optional<String> find(RoutingContext context) {
        List<String> values = cookies.values(context.request(), PortalCookies.SESSION);
        if (values.size() > 1) {
            throw ApiError.AuthenticationFailed.because(
                    RefusalReason.SEVERAL_CREDENTIALS, "There is more than one session's cookie.");
        }
        return values.stream().findFirst();
    }

    /** A session that was read for a request: what its cookie says, and its row, with tokens that are good. */
    record Open(SessionText text, PortalSession row) {}

    /** The session that the request's caller came with, if it came with one. */
    static Optional<Open> of(RoutingContext context) {
        return Optional.ofNullable(context.get(KEY));
    }

    @Override
    public Future<Caller> verify(RoutingContext context, String text) {
        HttpServerRequest request = context.request();
        // Only where the page asks who it is: a late answer to something else would take back a newer session's.
        if (WHO.equalsIgnoreCase(context.normalizedPath())) {
            context.addHeadersEndHandler(answered -> clear(request));
        }
        SessionText session = secrets.session(text)
                .orElseThrow(() -> ApiError.SessionExpired.because(
                        RefusalReason.SESSION_UNKNOWN,
                        "The session's cookie is not one of this gateway: sign in again."));
        requireOwnPage(request, session);
        return lookUps.find(session.hash())
                .compose(found ->
                        renewal.fresh(found, ObservedRequest.of(context).trace()))
                .onSuccess(row -> context.put(KEY, new Open(session, row)))
                .compose(this::caller);
    }

    private void clear(HttpServerRequest request) {
        if (request.response().getStatusCode() == UNAUTHORIZED) {
            cookies.clear(request, PortalCookies.SESSION);
        }
    }

    // What changes something must prove that it is a page of the portal's that asks; another site can make a browser
    // send
    // cookies, but neither read the value nor set the header.
    private static void requireOwnPage(HttpServerRequest request, SessionText session) {
        String site = request.getHeader(FETCH_SITE);
        boolean reads =
                request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD);
        boolean refused = site != null && (reads ? site.equals("cross-site") : !site.equals("same-origin"));
        if (refused) {
            throw ApiError.CrossSiteRequest.because(
                    RefusalReason.CROSS_SITE,
                    "A session counts for the portal's own pages only: `Sec-Fetch-Site` names another site.");
        }
        if (!reads && !session.isCsrf(request.getHeader(CSRF_HEADER))) {
            throw ApiError.CsrfTokenInvalid.because(
                    RefusalReason.CSRF_TOKEN,
                    "The header `" + CSRF_HEADER + "` must be the value `csrf` of GET /portal/session.");
        }
    }

    private String accessToken(PortalSession session) {
        return SessionTokens.open(secrets, session)
                .orElseThrow(() -> {
                    LOG.warn("The tokens of a session of tenant {} cannot be opened", session.tenant());
                    return over();
                })
                .access();
    }

    // Each time: what a renewal gave is in the row before anybody has looked at it.
    private Future<Caller> caller(PortalSession session) {
        return tokens.apply(accessToken(session))
                .map(caller -> {
                    if (!caller.tenantId().equals(session.tenant())
                            || !caller.subject().equals(session.subject())) {
                        LOG.warn("A session of tenant {} was renewed for another caller", session.tenant());
                        throw notAccepted();
                    }
                    return caller;
                })
                .recover(SessionVerifier::refuse);
    }

    // A token that was good is not any more: so is the session. But a key that the issuer has only just begun to use is
    // known in a moment.
    private static Future<Caller> refuse(Throwable failure) {
        if (failure instanceof ApiException refusal && refusal.error() == ApiError.InvalidAuthenticationToken) {
            boolean early =
                    refusal.reason().filter(RefusalReason.UNKNOWN_KEY::equals).isPresent();
            return Future.failedFuture(
                    early
                            ? ApiError.ServiceUnavailable.because(
                                    "The key of the session's access token is not known yet: ask again shortly")
                            : notAccepted());
        }
        return Future.failedFuture(failure);
    }

    private static ApiException notAccepted() {
        return ApiError.SessionExpired.because(
                RefusalReason.SESSION_NOT_RENEWED,
                "The session is over: its access token is not accepted any more. Sign in again.");
    }

    /** A session that is over. */
    static ApiException over() {
        return ApiError.SessionExpired.because(
                RefusalReason.SESSION_OVER, "The session is over: sign in again at /portal/signin.");
    }
}
