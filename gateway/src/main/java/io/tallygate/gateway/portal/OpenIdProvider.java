package io.tallygate.gateway.portal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tallygate.gateway.auth.HttpsDocuments;
import io.tallygate.gateway.auth.SmallJson;
import io.vertx.core.Future;
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
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who signs people in: its discovery document, kept for ten minutes, and its token endpoint. */
final class OpenIdProvider {
    private static final Logger LOG = LoggerFactory.getLogger(OpenIdProvider.class);
    private static final Duration KEPT = Duration.ofMinutes(10);
    private static final Pattern ERROR_CODE = Pattern.compile("[a-z_]{1,60}");
    private static final int OK = 200;
    private static final int TOO_MANY = 429;
    private static final int BROKEN = 500;

    private final PortalConfig config;
    private final HttpsDocuments documents;
    private final Clock clock;
    private volatile Known known;

    private record Known(ProviderMetadata metadata, Instant since) {}

    OpenIdProvider(PortalConfig config, HttpsDocuments documents, Clock clock) {
        this.config = config;
        this.documents = documents;
        this.clock = clock;
    }

    /** It does not take what it was given, and would not another time either. */
    static final class RefusedException extends RuntimeException {
        RefusedException(String message) {
            super(message, null, false, false);
        }
    }

    /** Where everything is. Old news are better than none. */
    Future<ProviderMetadata> metadata() {
        Known last = known;
        if (last != null && clock.instant().isBefore(last.since().plus(KEPT))) {
            return Future.succeededFuture(last.metadata());
        }
        Instant asked = clock.instant();
        return documents
                .get(config.discovery())
                .map(ProviderMetadata::of)
                .onSuccess(metadata -> known = new Known(metadata, asked))
                .recover(failure -> {
                    LOG.warn("Could not read {}: {}", config.discovery(), failure.getMessage());
                    return last == null ? Future.failedFuture(failure) : Future.succeededFuture(last.metadata());
                });
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

    /** The tokens for a code. */
    Future<TokenAnswer> exchange(String code, SignIn signIn) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "authorization_code");
        form.put("code", code);
        form.put("redirect_uri", signIn.redirectUri());
        form.put("code_verifier", signIn.verifier());
        return tokens(form);
    }

    /** New tokens; the refresh token may be another one from now on. */
    Future<TokenAnswer> renew(String refreshToken) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "refresh_token");
        form.put("refresh_token", refreshToken);
        form.put("scope", config.scope());
        return tokens(form);
    }

    private Future<TokenAnswer> tokens(Map<String, String> form) {
        return metadata().compose(metadata -> post(metadata, form)).map(this::read);
    }

    private Future<HttpsDocuments.Reply> post(ProviderMetadata metadata, Map<String, String> form) {
        boolean basic = config.clientSecret().isPresent() && metadata.takesBasic();
        if (!basic) {
            form.put("client_id", config.clientId());
            config.clientSecret().ifPresent(secret -> form.put("client_secret", secret));
        }
        return documents.post(
                metadata.token(),
                encoded(form),
                config.clientSecret().filter(secret -> basic).map(this::basic));
    }

    // RFC 6749, section 2.3.1: both are form-encoded first.
    private String basic(String secret) {
        String pair = encoded(config.clientId()) + ":" + encoded(secret);
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    private TokenAnswer read(HttpsDocuments.Reply reply) {
        if (reply.status() == OK) {
            return TokenAnswer.of(reply.body().getBytes());
        }
        String what = "The token endpoint answered " + reply.status()
                + error(reply.body().getBytes());
        if (reply.status() >= BROKEN || reply.status() == TOO_MANY) {
            throw new IllegalStateException(what);
        }
        throw new RefusedException(what);
    }

    // Only the code: a description could quote what was sent.
    private static String error(byte[] body) {
        try {
            ObjectNode answer = SmallJson.object(body);
            String code = answer.path("error").asText();
            return ERROR_CODE.matcher(code).matches() ? " " + code : "";
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
