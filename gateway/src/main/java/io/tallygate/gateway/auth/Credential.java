package io.tallygate.gateway.auth;

import io.tallygate.gateway.http.ApiError;
import io.tallygate.gateway.http.ApiException;
import io.tallygate.gateway.http.RefusalReason;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a request proves its caller with: a bearer token (RFC 6750, section 2.1), or an API key as the password of basic
 * authentication (RFC 7617; the user name does not matter), in the header {@code x-api-key}, or in the query parameter
 * {@code api_key}, where the tools are that can send it nowhere else; where there is none of them, the session of a browser.
 *
 * @param text the token or key itself: never to be logged or shown
 */
record Credential(Kind kind, String text) {
    /** The query parameter of a key, in small letters. */
    static final String PARAMETER = "api_key";

    private static final String HEADER = "x-api-key";
    private static final String BEARER = "Bearer ";
    private static final String BASIC = "Basic ";
    private static final int LONGEST_BASIC = 1024;

    /** What a text is. */
    enum Kind {
        TOKEN("token"),
        API_KEY("apiKey"),
        SESSION("session");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        /** What it is called in the log. */
        String word() {
            return word;
        }
    }

    /**
     * The one credential of a request.
     *
     * @param session what proves a browser's session, if there is no other credential
     * @throws ApiException {@link ApiError#AuthenticationFailed} if there is none, more than one, or one in a form that is not
     *     taken; the message quotes nothing
     */
    static Credential of(MultiMap headers, MultiMap query, Supplier<Optional<String>> session) {
        List<Credential> found = new ArrayList<>();
        headers.getAll(HttpHeaders.AUTHORIZATION).forEach(header -> found.add(authorization(header)));
        headers.getAll(HEADER).forEach(text -> found.add(new Credential(Kind.API_KEY, text)));
        for (Map.Entry<String, String> parameter : query) {
            if (parameter.getKey().toLowerCase(Locale.ROOT).equals(PARAMETER)) {
                found.add(new Credential(Kind.API_KEY, parameter.getValue()));
            }
        }
        if (found.isEmpty()) {
            session.get().ifPresent(text -> found.add(new Credential(Kind.SESSION, text)));
        }
        if (found.isEmpty()) {
            throw ApiError.AuthenticationFailed.because(
                    RefusalReason.NO_CREDENTIAL, "The header `Authorization: Bearer <access token>` is missing.");
        }
        if (found.size() > 1) {
            throw ApiError.AuthenticationFailed.because(
                    RefusalReason.SEVERAL_CREDENTIALS,
                    "There is more than one credential: send either one header"
                            + " `Authorization`, or an API key in one place.");
        }
        return found.get(0);
    }

    private static Credential authorization(String header) {
        if (begins(header, BEARER)) {
            return new Credential(Kind.TOKEN, header.substring(BEARER.length()));
        }
        if (begins(header, BASIC)) {
            return new Credential(Kind.API_KEY, password(header.substring(BASIC.length())));
        }
        throw ApiError.AuthenticationFailed.because(
                RefusalReason.MALFORMED_HEADER,
                "The header `Authorization` must be `Bearer <access token>`, or `Basic` with an API key as the password.");
    }

    private static boolean begins(String header, String scheme) {
        return header.regionMatches(true, 0, scheme, 0, scheme.length());
    }

    private static String password(String encoded) {
        if (encoded.length() <= LONGEST_BASIC) {
            try {
                String pair = new String(Base64.getDecoder().decode(encoded.strip()), StandardCharsets.UTF_8);
                int colon = pair.indexOf(':');
                if (colon >= 0) {
                    return pair.substring(colon + 1);
                }
            } catch (IllegalArgumentException notBase64) {
                throw malformedBasic();
            }
        }
        throw malformedBasic();
    }

    private static ApiException malformedBasic() {
        return ApiError.AuthenticationFailed.because(
                RefusalReason.MALFORMED_HEADER,
                "The header `Authorization: Basic` is malformed: expected base64 of"
                        + " a user name, a colon and an API key.");
    }

    /** Never the text. */
    @Override
    public String toString() {
        return "Credential[" + kind + "]";
    }
}
