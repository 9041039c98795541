package io.tallygate.deploy.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.auth.ClientAuthentication;
import com.nimbusds.oauth2.sdk.auth.PlainClientSecret;
import io.tallygate.store.directory.TenantId;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import no.nav.security.mock.oauth2.http.OAuth2HttpRequest;
import no.nav.security.mock.oauth2.http.OAuth2HttpResponse;
import no.nav.security.mock.oauth2.http.Route;
import okhttp3.Headers;

/**
 * What stands before the library's own routes, which would give any token to anybody. It lets discovery and key sets
 * of real tenants through, answers the client credentials grant (RFC 6749, 4.4) for known clients itself, and refuses
 * everything else. A tenant is the first segment of the path, as with Microsoft's endpoints.
 */
final class TokenRoute implements Route {
    private static final String TENANT = "/([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})";
    private static final Pattern PUBLIC =
            Pattern.compile(TENANT + "/v2\\.0/(?:\\.well-known/openid-configuration|jwks)");
    private static final Pattern TOKEN = Pattern.compile(TENANT + "/(?:v2\\.0|oauth2/v2\\.0|oauth2)/token");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final DemoClients clients;
    private final TokenMint mint;

    TokenRoute(DemoClients clients, TokenMint mint) {
        this.clients = clients;
        this.mint = mint;
    }

    @Override
    public boolean match(OAuth2HttpRequest request) {
        return !request.getMethod().equals("GET")
                || !PUBLIC.matcher(path(request)).matches();
    }

    @Override
    public OAuth2HttpResponse invoke(OAuth2HttpRequest request) {
        Matcher token = TOKEN.matcher(path(request));
        if (!token.matches()) {
            return error(404, "not_found", "Known are /{tenantId}/v2.0/.well-known/openid-configuration, jwks, token.");
        }
        if (!request.getMethod().equals("POST")) {
            return error(405, "invalid_request", "The token endpoint takes POST only.");
        }
        if (!"client_credentials".equals(request.getFormParameters().get("grant_type"))) {
            return error(400, "unsupported_grant_type", "grant_type must be client_credentials.");
        }
        return authenticated(request, new TenantId(UUID.fromString(token.group(1))))
                .map(client -> granted(mint.token(client)))
                .orElseGet(() -> error(401, "invalid_client", "Unknown client_id for this tenant, or wrong secret."));
    }

    private Optional<DemoClient> authenticated(OAuth2HttpRequest request, TenantId tenant) {
        try {
            // Reads both client_secret_basic and client_secret_post.
            ClientAuthentication authentication = ClientAuthentication.parse(request.asNimbusHTTPRequest());
            return authentication instanceof PlainClientSecret secret
                    ? clients.authenticate(
                            tenant,
                            secret.getClientID().getValue(),
                            secret.getClientSecret().getValue())
                    : Optional.empty();
        } catch (ParseException noAuthentication) {
            return Optional.empty();
        }
    }

    private static OAuth2HttpResponse granted(String token) {
        ObjectNode body = JSON.createObjectNode()
                .put("token_type", "Bearer")
                .put("expires_in", TokenMint.LIFE.toSeconds())
                .put("ext_expires_in", TokenMint.LIFE.toSeconds())
                .put("access_token", token);
        return answer(200, body);
    }

    private static OAuth2HttpResponse error(int status, String code, String description) {
        return answer(status, JSON.createObjectNode().put("error", code).put("error_description", description));
    }

    private static OAuth2HttpResponse answer(int status, ObjectNode body) {
        Headers.Builder headers = new Headers.Builder()
                .add("Content-Type", "application/json; charset=utf-8")
                .add("Cache-Control", "no-store");
        if (status == 401) {
            headers.add("WWW-Authenticate", "Basic realm=\"tallygate demo\"");
        }
        return new OAuth2HttpResponse(headers.build(), status, body.toString(), null);
    }

    private static String path(OAuth2HttpRequest request) {
        return request.getUrl().encodedPath();
    }
}
