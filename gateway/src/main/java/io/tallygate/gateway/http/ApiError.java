package io.tallygate.gateway.http;

/**
 * Every error that the gateway answers with: its stable code, its status and when it is given. This table is the only
 * place where a code meets a status; the README documents each, and a test holds both to that.
 *
 * <p>Codes up to {@link #UnauthorizedCspRegistration} are those of the Azure Stack Hub usage and registration
 * protocols.
 */
public enum ApiError {
    NoApiVersion(400, "`api-version` is missing"),
    InvalidApiVersionParameter(400, "`api-version` is not one that this route supports"),
    InvalidProperty(400, "a parameter or property is missing or malformed: the message names it and what is expected"),
    InvalidAggregationGranularity(400, "`aggregationGranularity` is neither `Daily` nor `Hourly`"),
    RequestEndTimeIsInFuture(400, "`reportedEndTime` is in the future (`Daily`: after the last UTC midnight)"),
    SubscriberIdIsNotDirectTenant(400, "`subscriberId` is no direct tenant of the provider"),
    SubscriptionIdMissingInRequest(400, "the path has no subscription id"),
    ProcessingNotCompleted(202, "the window is past but not yet sealed (or routed): ask again after `Retry-After`"),
    AuthenticationFailed(
            401,
            "neither a token nor an API key nor a session was sent, or more than one, or not in a form that is taken"),
    InvalidAuthenticationToken(401, "the token is not one that this gateway accepts"),
    InvalidApiKey(401, "the API key is not one that this gateway accepts: the message says why"),
    SessionExpired(401, "the browser's session is over: sign in again at `/portal/signin`"),
    CsrfTokenInvalid(
            403,
            "a browser's session changes something only with the header `x-tallygate-csrf` of `GET /portal/session`"),
    CrossSiteRequest(403, "another site's page made the browser ask with its session"),
    AuthorizationFailed(403, "it is not yours, or it does not exist: the same answer for both"),
    RegistrationNotFound(404, "there is no such registration"),
    CustomerSubscriptionNotFound(404, "there is no such customer subscription in this registration"),
    ResourceNotFound(404, "there is no such route or resource"),
    InvalidCustomerSubscriptionId(400, "the customer subscription id is not a UUID"),
    InvalidCSPSubscription(400, "the customer subscription is not in the configured list of CSP subscriptions"),
    BadCustomerSubscriptionId(400, "it pays for another tenant already, or is a local subscription's id"),
    CustomerSubscriptionsNotAllowed(400, "the registration's billing model is `Capacity` or `Development`"),
    UnauthorizedCspRegistration(400, "the registration is not enabled for several tenants"),

    RequestStartTimeBeforeRetention(400, "the range begins before what is kept: the message says where that begins"),
    MethodNotAllowed(405, "the route exists, but not with this method: `Allow` lists those that do"),
    RequestTimeout(408, "the body did not arrive in time, or an open stream of records brought nothing for long"),
    RegistrationInUse(409, "the registration still has subscriptions or customer subscriptions"),
    Conflict(409, "the change contradicts what is stored: the message says what"),
    ApiKeysNotEnabled(409, "this gateway has no `apiKeys.secret`: it makes no API keys"),
    RequestEntityTooLarge(413, "the body is larger than this route takes: the message names the limit"),
    RequestUriTooLong(414, "the request line is too long"),
    UnsupportedMediaType(415, "the body's content type is not one that this route takes, or it is compressed"),
    TooManyRequests(429, "you ask too often, or the gateway is too busy: ask again after `Retry-After`"),
    RequestHeaderFieldsTooLarge(431, "the headers are too large"),
    InternalServerError(500, "a defect of the gateway: quote the `x-ms-request-id`"),
    ServiceUnavailable(503, "the store is away: ask again after `Retry-After`"),
    HttpVersionNotSupported(505, "a stream was asked for by HTTP/1.0, where its end cannot be told from a cut");

    private final int status;
    private final String when;

    ApiError(int status, String when) {
        this.status = status;
        this.when = when;
    }

    /** The HTTP status that goes with the code. */
    public int status() {
        return status;
    }

    /** When it is given, as the README says it. */
    public String when() {
        return when;
    }

    /** This error as an exception to fail a context or a future with; the message is shown to the caller. */
    public ApiException because(String message) {
        return new ApiException(this, message, null);
    }

    /**
     * The same for a refusal of access.
     *
     * @param reason what it is counted as
     */
    public ApiException because(RefusalReason reason, String message) {
        return new ApiException(this, message, reason);
    }
}
