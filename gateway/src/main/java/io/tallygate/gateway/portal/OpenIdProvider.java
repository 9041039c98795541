package io.tallygate.gateway.portal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tallygate.gateway.auth.HttpsDocuments;
import io.tallygate.gateway.auth.SmallJson;
import io.tallygate.routing.trace.TraceContext;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who signs people in: its discovery document, kept for ten minutes, and its token endpoint. */
final class OpenIdProvider {
    private static final Logger LOG = LoggerFactory.getLogger(OpenIdProvider.class);
    private static final Duration KEPT = Duration.ofMinutes(10);
    private static final Duration REST = Duration.ofSeconds(30);
    // While there is no document at all, somebody waits for it.
    private static final Duration SHORT_REST = Duration.ofSeconds(1);
    // RFC 6749, section 5.2, and OpenID Connect Core, section 3.1.2.6: the grant is gone, or its person must come
    // again.
    private static final Set<String> GRANT_IS_OVER = Set.of("invalid_grant", "interaction_required");
    private static final Pattern ERROR_CODE = Pattern.compile("[a-z_]{1,60}");
    private static final int OK = 200;
    private static final int BAD_REQUEST = 400;
    private static final int TOO_MANY = 429;
    private static final int BROKEN = 500;

    private final PortalConfig config;
    private final HttpsDocuments signIns;
    private final HttpsDocuments renewals;
    private final Clock clock;
    private final AtomicReference<Future<ProviderMetadata>> fetching = new AtomicReference<>();
    private volatile Known known;
    private volatile Failed failed;

    private record Known(ProviderMetadata metadata, Instant until) {}

    private record Failed(Throwable cause, Instant until) {}

    /**
     * Nothing is fetched yet.
     *
     * @param signIns exchanges codes, which anybody can make up
     * @param renewals does everything else: whoever floods the other one keeps nobody's session from being renewed
     */
    OpenIdProvider(PortalConfig config, HttpsDocuments signIns, HttpsDocuments renewals, Clock clock) {
        this.config = config;
        this.signIns = signIns;
        this.renewals = renewals;
        this.clock = clock;
    }

    /** It does not take what it was given, and would not another time either. */
    static final class RefusedException extends RuntimeException {
        RefusedException(String message) {
            super(message, null, false, false);
        }
    }

    /** Where everything is. Old news are better than none: nobody who has them waits for new ones. */
    Future<ProviderMetadata> metadata() {
        Known last = known;
        Instant now = clock.instant();
        if (last != null && now.isBefore(last.until())) {
            return Future.succeededFuture(last.metadata());
        }
        Failed lately = failed;
        Future<ProviderMetadata> fetched =
                lately != null && now.isBefore(lately.until()) ? Future.failedFuture(lately.cause()) : fetched();
        return last == null ? fetched : Future.succeededFuture(last.metadata());
    }

    // One at a time: who comes meanwhile gets the same.
    private Future<ProviderMetadata> fetched() {
        Promise<ProviderMetadata> mine = Promise.promise();
        Future<ProviderMetadata> others = fetching.compareAndExchange(null, mine.future());
        if (others != null) {
            return others;
        }
        renewals.get(config.discovery()).map(ProviderMetadata::of).onComplete(fetched -> {
            if (fetched.succeeded()) {
                known = new Known(fetched.result(), clock.instant().plus(KEPT));
                failed = null;
            } else {
                LOG.warn(
                        "Could not read {}: {}",
                        config.discovery(),
                        fetched.cause().getMessage());
                failed = new Failed(fetched.cause(), clock.instant().plus(known == null ? SHORT_REST : REST));
            }
            fetching.set(null);
            mine.handle(fetched);
        });
        return mine.future();
    }

    /** Where a browser goes to sign in. */
    Future<String> signInUri(SignIn signIn) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("response_type", "code");
        parameters.put("client_id", config.clientId());
        parameters.put("redirect_uri", signIn.redirectUri());
        parameters.put("scope", config.scope());
        parameters.put("state", signIn.state());
        parameters.put("nonce", signIn.nonce());
        parameters.put("code_challenge", Pkce.challenge(signIn.verifier()));
        parameters.put("code_challenge_method", "S256");
        return metadata().map(metadata -> with(metadata.authorization(), parameters));
    }

    /** Where a browser goes to end the session there too; empty if there is no such place. */
    Future<Optional<String>> signOutUri(String idToken, String returnTo) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("id_token_hint", idToken);
        parameters.put("post_logout_redirect_uri", returnTo);
        parameters.put("client_id", config.clientId());
        return metadata().map(metadata -> metadata.endSession().map(uri -> with(uri, parameters)));
    }

    /**
     * The tokens for a code; it fails with a {@link RefusedException} if the provider does not take it, or the client.
     *
     * @param trace of the request that brought the code
     */
    Future<TokenAnswer> exchange(String code, SignIn signIn, Optional<TraceContext> trace) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "authorization_code");
        form.put("code", code);
        form.put("redirect_uri", signIn.redirectUri());
        form.put("code_verifier", signIn.verifier());
        return tokens(signIns, form, trace).map(OpenIdProvider::exchanged);
    }

    /**
     * New tokens; the refresh token may be another one from now on. It fails with a {@link RefusedException} only if the provider
     * says that the refresh token is over: what is wrong with the client, or with what stands between, is no person's fault.
     *
     * @param trace of the request that needs them
     */
    Future<TokenAnswer> renew(String refreshToken, Optional<TraceContext> trace) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "refresh_token");
        form.put("refresh_token", refreshToken);
        form.put("scope", config.scope());
        return tokens(renewals, form, trace).map(OpenIdProvider::renewed);
    }

    private Future<HttpsDocuments.Reply> tokens(
            HttpsDocuments documents, Map<String, String> form, Optional<TraceContext> trace) {
        return metadata().compose(metadata -> post(documents, metadata, form, trace));
    }

    private Future<HttpsDocuments.Reply> post(
            HttpsDocuments documents,
            ProviderMetadata metadata,
            Map<String, String> form,
            Optional<TraceContext> trace) {
        boolean basic = config.clientSecret().isPresent() && metadata.takesBasic();
        if (!basic) {
            form.put("client_id", config.clientId());
            config.clientSecret().ifPresent(secret -> form.put("client_secret", secret));
        }
        return documents.post(
                metadata.token(),
                encoded(form),
                config.clientSecret().filter(secret -> basic).map(this::basic),
                trace);
    }

    // RFC 6749, section 2.3.1: both are form-encoded first.
    private String basic(String secret) {
        String pair = encoded(config.clientId()) + ":" + encoded(secret);
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    private static TokenAnswer exchanged(HttpsDocuments.Reply reply) {
        return read(reply, reply.status() < BROKEN && reply.status() != TOO_MANY);
    }

    private static TokenAnswer renewed(HttpsDocuments.Reply reply) {
        return read(
                reply,
                reply.status() == BAD_REQUEST
                        && GRANT_IS_OVER.contains(error(reply.body().getBytes())));
    }

    private static TokenAnswer read(HttpsDocuments.Reply reply, boolean refused) {
        if (reply.status() == OK) {
            return TokenAnswer.of(reply.body().getBytes());
        }
        String what = "The token endpoint answered " + reply.status() + " "
                + error(reply.body().getBytes());
        throw refused ? new RefusedException(what) : new IllegalStateException(what);
    }

    // Only the code: a description could quote what was sent.
    private static String error(byte[] body) {
        try {
            ObjectNode answer = SmallJson.object(body);
            String code = answer.path("error").asText();
            return ERROR_CODE.matcher(code).matches() ? code : "";
        } catch (IllegalArgumentException noJson) {
            return "";
        }
    }

    private static String with(URI uri, Map<String, String> parameters) {
        return uri + (uri.getRawQuery() == null ? "?" : "&") + encoded(parameters);
    }

    private static String encoded(Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .map(parameter -> parameter.getKey() + "=" + encoded(parameter.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String encoded(String text) {
        // Not every provider takes a plus for a blank in an address.
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
