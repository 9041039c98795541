package io.tallygate.gateway.http;

/**
 * Why a request was refused, as metrics and the audit count it: a few stable words, never text of the caller's. The
 * message of the answer says more; the README documents each word, and a test holds both to that.
 */
public enum RefusalReason {
    NO_CREDENTIAL("noCredential", 401, "nothing was sent that says who calls"),
    MALFORMED_HEADER(
            "malformedHeader", 401, "the header `Authorization` is neither `Bearer` nor a well-formed `Basic`"),
    TOKEN_TOO_LONG("tokenTooLong", 401, "the token has more than 8 KiB"),
    MALFORMED_TOKEN(
            "malformedToken", 401, "the token is not a signed JWT in canonical base64url with strict JSON inside"),
    ALGORITHM_NOT_ALLOWED("algorithmNotAllowed", 401, "`alg` is not RS256, PS256 or ES256"),
    NOT_AN_ACCESS_TOKEN(
            "notAnAccessToken", 401, "`typ` or the claims say that it is another token: an ID or a logout token"),
    HEADER_NOT_ALLOWED(
            "headerNotAllowed",
            401,
            "a header field brings a key along or changes how the rest would be read, or `kid` is no text"),
    MALFORMED_CLAIM("malformedClaim", 401, "a claim that is needed is missing, or has another type or form"),
    UNKNOWN_ISSUER("unknownIssuer", 401, "`iss` is no issuer that the gateway trusts, to the letter"),
    ISSUER_NOT_FOR_TENANT("issuerNotForTenant", 401, "the issuer may not speak for the tenant in `tid`"),
    UNKNOWN_KEY("unknownKey", 401, "the issuer publishes no such key, or several that the token does not tell apart"),
    BAD_SIGNATURE("badSignature", 401, "the signature is not that of the issuer's key"),
    EXPIRED("expired", 401, "`exp` is past"),
    NOT_YET_VALID("notYetValid", 401, "`nbf` or `iat` is in the future"),
    WRONG_AUDIENCE("wrongAudience", 401, "`aud` does not name this gateway"),
    NOT_CHECKED("notChecked", 401, "checking it failed: the log says more"),
    SEVERAL_CREDENTIALS("severalCredentials", 401, "there is more than one token or API key in the request"),
    KEYS_OFF("keysOff", 401, "an API key was sent, and the gateway takes none"),
    KEY_UNKNOWN("keyUnknown", 401, "the API key is not one that was made here, or its secret is no more configured"),
    KEY_EXPIRED("keyExpired", 401, "the API key is over"),
    KEY_REVOKED("keyRevoked", 401, "the API key is revoked"),
    SESSION_UNKNOWN("sessionUnknown", 401, "the session's cookie is not one of this gateway's"),
    SESSION_OVER("sessionOver", 401, "the session was ended, is too old, or was not used for too long"),
    SESSION_NOT_RENEWED("sessionNotRenewed", 401, "the issuer does not renew the session's access token"),
    CSRF_TOKEN("csrfToken", 403, "a session's request to change something has no or another's `x-tallygate-csrf`"),
    CROSS_SITE("crossSite", 403, "`Sec-Fetch-Site` says that another site's page made the request"),
    KEY_NOT_ALLOWED("keyNotAllowed", 403, "the route is not one of those that read usage: API keys may not call it"),
    ROLE_MISSING("roleMissing", 403, "the caller has none of the roles that the route takes"),
    NOT_YOURS("notYours", 403, "what was asked for is another's, or does not exist"),
    BUSY("busy", 429, "no connection to the database was free in time"),
    KEYS_AWAITED("keysAwaited", 429, "too many wait for the keys of the token's issuer"),
    TOO_MANY_STREAMS("tooManyStreams", 429, "there are as many streams as there may be, in all or of that tenant"),
    TENANT_RATE("tenantRate", 429, "the tenant asks faster than `limits.tenant.rate`"),
    LINE_FULL("lineFull", 429, "as many wait for their turn as may, in all or of that tenant"),
    WAITED("waited", 429, "it waited for its turn as long as one may"),
    ANSWERS_UNTAKEN("answersUntaken", 429, "the tenant has 48 answers on the way that it does not read"),
    ADDRESS_RATE("addressRate", 429, "an address asks too fast for what takes no token, or is no route"),
    BODIES_HELD("bodiesHeld", 429, "the bodies that are being read take as much memory as they may"),
    BAD_CREDENTIALS("badCredentials", 429, "too many credentials from the same address were refused");

    private final String word;
    private final int status;
    private final String when;

    RefusalReason(String word, int status, String when) {
        this.word = word;
        this.status = status;
        this.when = when;
    }

    /** What it is called outside, in camel case. */
    public String word() {
        return word;
    }

    /** The status of the answers that it is given for. */
    public int status() {
        return status;
    }

    /** When it is given, as the README says it. */
    public String when() {
        return when;
    }
}
