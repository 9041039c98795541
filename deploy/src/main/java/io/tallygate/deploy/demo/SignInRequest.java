package io.tallygate.deploy.demo;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a client asks the authorization endpoint (RFC 6749, section 4.1.1; PKCE by S256 is required; OpenID Connect Core, section
 * 3.1.2.1). Answers go to the portal on this very machine alone, on any port (RFC 8252, section 7.3).
 */
record SignInRequest(String clientId, String redirectUri, String scope, String state, String nonce, String challenge) {
    /** The names of its parameters. */
    static final List<String> PARAMETERS = List.of(
            "client_id",
            "redirect_uri",
            "scope",
            "state",
            "nonce",
            "code_challenge",
            "code_challenge_method",
            "response_type");

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final String CHALLENGE = "[A-Za-z0-9_-]{43}";

    /** Reads the parameters; nothing is checked yet. */
    static SignInRequest of(Map<String, String> parameters) {
        return new SignInRequest(
                parameters.getOrDefault("client_id", ""),
                parameters.getOrDefault("redirect_uri", ""),
                parameters.getOrDefault("scope", ""),
                parameters.getOrDefault("state", ""),
                parameters.getOrDefault("nonce", ""),
                parameters.getOrDefault("code_challenge_method", "").equals("S256")
                                && parameters.getOrDefault("response_type", "").equals("code")
                        ? parameters.getOrDefault("code_challenge", "")
                        : "");
    }

    /** Whether the answer may go where it is to go. */
    boolean mayBeAnswered() {
        return isPortal(redirectUri, "/portal/callback");
    }

    /** Whether this is an address of the portal on this machine, with exactly this path. */
    static boolean isPortal(String address, String path) {
        try {
            URI uri = new URI(address);
            return Set.of("https", "http").contains(String.valueOf(uri.getScheme()))
                    && LOOPBACK.contains(String.valueOf(uri.getHost()))
                    && path.equals(uri.getRawPath())
                    && uri.getRawUserInfo() == null
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null;
        } catch (URISyntaxException none) {
            return false;
        }
    }

    /** What is wrong with it, if something is. */
    Optional<String> problem() {
        if (!challenge.matches(CHALLENGE)) {
            return Optional.of("response_type must be code, with a code_challenge by S256");
        }
        return List.of(scope.split(" ", -1)).contains("openid")
                ? Optional.empty()
                : Optional.of("scope must contain openid");
    }

    /** The origin that the answer goes to. */
    String origin() {
        URI uri = URI.create(redirectUri);
        return uri.getScheme() + "://" + uri.getRawAuthority();
    }

    /** Where a browser takes an answer. */
    String answer(String name, String value) {
        Map<String, String> answer = new LinkedHashMap<>();
        answer.put(name, value);
        answer.put("state", state);
        StringBuilder uri = new StringBuilder(redirectUri);
        answer.forEach((key, text) -> uri.append(uri.indexOf("?") < 0 ? '?' : '&')
                .append(key)
                .append('=')
                .append(URLEncoder.encode(text, StandardCharsets.UTF_8)));
        return uri.toString();
    }
}
