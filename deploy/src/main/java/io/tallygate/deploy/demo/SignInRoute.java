package io.tallygate.deploy.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.auth.ClientAuthentication;
import com.nimbusds.oauth2.sdk.auth.PlainClientSecret;
import io.tallygate.deploy.demo.SignInGrants.Grant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import no.nav.security.mock.oauth2.http.OAuth2HttpRequest;
import no.nav.security.mock.oauth2.http.OAuth2HttpResponse;
import no.nav.security.mock.oauth2.http.Route;
import okhttp3.Headers;

/**
 * Where people sign in, of whatever tenant: like Microsoft's {@code organizations}, its tokens are those of the person's tenant.
 * Authorization code with PKCE, rotating refresh tokens, ID tokens, and signing out (OpenID Connect RP-Initiated Logout 1.0).
 */
final class SignInRoute implements Route {
    private static final String ROOT = "/organizations";
    private static final String DISCOVERY = ROOT + "/v2.0/.well-known/openid-configuration";
    private static final String AUTHORIZE = ROOT + "/oauth2/v2.0/authorize";
    private static final String TOKEN = ROOT + "/oauth2/v2.0/token";
    private static final String SIGN_OUT = ROOT + "/oauth2/v2.0/logout";
    private static final String STYLE = ROOT + "/signin.css";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String authority;
    private final DemoClient client;
    private final Supplier<List<DemoPerson>> people;
    private final TokenMint mint;
    private final SignInGrants grants;

    SignInRoute(
            String authority,
            DemoClient client,
            Supplier<List<DemoPerson>> people,
            TokenMint mint,
            SignInGrants grants) {
        this.authority = authority;
        this.client = client;
        this.people = people;
        this.mint = mint;
        this.grants = grants;
    }

    /** The discovery document of who signs people in, under this authority. */
    static String discovery(String authority) {
        return authority + DISCOVERY;
    }

    @Override
    public boolean match(OAuth2HttpRequest request) {
        return request.getUrl().encodedPath().startsWith(ROOT + "/");
    }

    @Override
    public OAuth2HttpResponse invoke(OAuth2HttpRequest request) {
        return switch (request.getMethod() + " " + request.getUrl().encodedPath()) {
            case "GET " + DISCOVERY -> json(200, metadata());
            case "GET " + STYLE -> answer(200, "text/css; charset=utf-8", "default-src 'none'", SignInPage.STYLE);
            case "GET " + AUTHORIZE -> page(query(request));
            case "POST " + AUTHORIZE -> chosen(form(request));
            case "POST " + TOKEN -> token(request);
            case "GET " + SIGN_OUT -> signOut(query(request));
            default -> error(404, "not_found", "Known are the addresses of " + DISCOVERY + ".");
        };
    }

    private ObjectNode metadata() {
        ObjectNode document = JSON.createObjectNode()
                .put("issuer", mint.issuerTemplate())
                .put("authorization_endpoint", authority + AUTHORIZE)
                .put("token_endpoint", authority + TOKEN)
                .put("end_session_endpoint", authority + SIGN_OUT)
                .put("jwks_uri", mint.issuer(client.tenant()) + "/jwks");
        document.putArray("response_types_supported").add("code");
        document.putArray("grant_types_supported").add("authorization_code").add("refresh_token");
        document.putArray("code_challenge_methods_supported").add("S256");
        document.putArray("subject_types_supported").add("public");
        document.putArray("id_token_signing_alg_values_supported").add("RS256");
        document.putArray("token_endpoint_auth_methods_supported")
                .add("client_secret_basic")
                .add("client_secret_post");
        document.putArray("scopes_supported").add("openid").add("profile").add("offline_access");
        return document;
    }

    private OAuth2HttpResponse page(Map<String, String> parameters) {
        SignInRequest request = SignInRequest.of(parameters);
        return refusal(request).orElseGet(() -> {
            Map<String, String> kept = new LinkedHashMap<>();
            SignInRequest.PARAMETERS.forEach(name -> kept.put(name, parameters.getOrDefault(name, "")));
            String page = SignInPage.of(AUTHORIZE, STYLE, kept, people.get());
            // Chromium also wants to know where the form's answer redirects to.
            String policy = "default-src 'none'; style-src 'self'; form-action 'self' " + request.origin()
                    + "; base-uri 'none'; frame-ancestors 'none'";
            return answer(200, "text/html; charset=utf-8", policy, page);
        });
    }

    private OAuth2HttpResponse chosen(Map<String, String> form) {
        SignInRequest request = SignInRequest.of(form);
        return refusal(request)
                .orElseGet(() -> people.get().stream()
                        .filter(person -> person.id().equals(form.get("person")))
                        .findFirst()
                        .map(person -> redirect(request.answer("code", grants.code(request, person))))
                        .orElseGet(() -> redirect(request.answer("error", "access_denied"))));
    }

    private Optional<OAuth2HttpResponse> refusal(SignInRequest request) {
        if (!request.clientId().equals(client.clientId()) || !request.mayBeAnswered()) {
            return Optional.of(error(
                    400, "invalid_request", "Unknown client_id, or a redirect_uri that is not the portal's here."));
        }
        return request.problem().map(problem -> redirect(request.answer("error", "invalid_request")));
    }

    private OAuth2HttpResponse token(OAuth2HttpRequest request) {
        if (!isClient(request)) {
            return error(401, "invalid_client", "Unknown client_id, or wrong secret.");
        }
        Map<String, String> form = form(request);
        Optional<Grant> grant = switch (form.getOrDefault("grant_type", "")) {
            case "authorization_code" ->
                grants.exchange(
                        form.getOrDefault("code", ""),
                        client.clientId(),
                        form.getOrDefault("redirect_uri", ""),
                        form.getOrDefault("code_verifier", ""));
            case "refresh_token" -> grants.renew(form.getOrDefault("refresh_token", ""), client.clientId());
            default -> Optional.empty();
        };
        return grant.map(this::granted)
                .orElseGet(() -> error(400, "invalid_grant", "It is unknown, used already, or not for this."));
    }

    private OAuth2HttpResponse granted(Grant grant) {
        ObjectNode body = JSON.createObjectNode()
                .put("token_type", "Bearer")
                .put("expires_in", TokenMint.PERSON_LIFE.toSeconds())
                .put("scope", grant.scope())
                .put("access_token", mint.accessToken(grant))
                .put("id_token", mint.idToken(grant));
        if (List.of(grant.scope().split(" ", -1)).contains("offline_access")) {
            body.put("refresh_token", grants.refresh(grant));
        }
        return json(200, body);
    }

    private boolean isClient(OAuth2HttpRequest request) {
        try {
            return ClientAuthentication.parse(request.asNimbusHTTPRequest()) instanceof PlainClientSecret secret
                    && client.isProvenBy(
                            secret.getClientID().getValue(),
                            secret.getClientSecret().getValue());
        } catch (ParseException noAuthentication) {
            return false;
        }
    }

    // Nobody stays signed in here: what there is to end is what was granted.
    private OAuth2HttpResponse signOut(Map<String, String> parameters) {
        mint.sessionOf(parameters.getOrDefault("id_token_hint", "")).ifPresent(grants::end);
        String back = parameters.getOrDefault("post_logout_redirect_uri", "");
        return SignInRequest.isPortal(back, "/portal/")
                ? redirect(back)
                : answer(200, "text/plain; charset=utf-8", "default-src 'none'", "You are signed out.\n");
    }

    private static Map<String, String> query(OAuth2HttpRequest request) {
        Map<String, String> parameters = new LinkedHashMap<>();
        request.getUrl()
                .queryParameterNames()
                .forEach(name ->
                        parameters.put(name, String.valueOf(request.getUrl().queryParameter(name))));
        return parameters;
    }

    private static Map<String, String> form(OAuth2HttpRequest request) {
        return request.getFormParameters().getMap();
    }

    private static OAuth2HttpResponse redirect(String to) {
        return new OAuth2HttpResponse(
                new Headers.Builder()
                        .add("Location", to)
                        .add("Cache-Control", "no-store")
                        .build(),
                302,
                "",
                null);
    }

    private static OAuth2HttpResponse error(int status, String code, String description) {
        return json(status, JSON.createObjectNode().put("error", code).put("error_description", description));
    }

    private static OAuth2HttpResponse json(int status, ObjectNode body) {
        return answer(status, "application/json; charset=utf-8", "default-src 'none'", body.toString());
    }

    private static OAuth2HttpResponse answer(int status, String type, String policy, String body) {
        Headers headers = new Headers.Builder()
                .add("Content-Type", type)
                .add("Cache-Control", "no-store")
                .add("Content-Security-Policy", policy)
                .add("X-Content-Type-Options", "nosniff")
                .add("Referrer-Policy", "no-referrer")
                .build();
        return new OAuth2HttpResponse(headers, status, body, null);
    }
}
