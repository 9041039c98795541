package io.tallygate.routing.commerce;

import io.tallygate.routing.outbound.AnswerJson;
import io.tallygate.routing.outbound.AuthorizedHttp;
import io.tallygate.routing.outbound.ClientCredentials;
import io.tallygate.routing.outbound.ClientCredentials.Audience;
import io.tallygate.routing.outbound.Deadline;
import io.tallygate.routing.outbound.Detail;
import io.tallygate.routing.outbound.HttpReply.Answer;
import io.tallygate.routing.outbound.HttpReply.Failure;
import io.tallygate.routing.outbound.OutboundHttp;
import io.tallygate.routing.trace.TraceContext;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * Azure marketplace metered billing, version 2018-08-31: {@code POST {url}/batchUsageEvent} with at most 25 events
 * (<a href="https://learn.microsoft.com/partner-center/marketplace-offers/marketplace-metering-service-apis">reference</a>).
 * It takes one positive event for each resource, dimension and hour of the last 24 hours, and knows a duplicate by these
 * three, for ever. Tokens are those of OAuth 2.0 client credentials for the marketplace's own resource.
 *
 * <p>Options: {@code url} (such as {@code https://marketplaceapi.microsoft.com/api}), {@code planId}, {@code tokenUrl},
 * {@code clientId}, {@code clientSecret}; {@code scope} if the tokens are for something else than the marketplace;
 * {@code payerField}: {@code resourceId} (the default, for SaaS) or {@code resourceUri} (for managed applications).
 */
public final class MarketplaceAdapter implements CommerceAdapter {
    /** The resource that the marketplace's tokens are for, as documented. */
    static final String DEFAULT_SCOPE = "20e940b3-4c77-4b0b-9a53-9e16a1b010a7/.default";

    /** The option {@code payerField}. */
    static final AdapterType.Form PAYER_FIELD =
            AdapterType.Form.of("resourceId|resourceUri", "resourceId or resourceUri");

    private static final int MAX_BATCH = 25;
    private static final Duration MAX_AGE = Duration.ofHours(24);
    private static final Duration SETTLE = Duration.ofHours(2);

    private final Terms terms;
    private final Duration deadline;
    private final OutboundHttp connection;
    private final AuthorizedHttp http;
    private final URI uri;
    private final MarketplaceEcho echo;

    /** @throws IllegalArgumentException if an option's value is none that it takes; the message holds no secret */
    public MarketplaceAdapter(Vertx vertx, EndpointConfig config) {
        this.terms = new Terms(
                Grouping.HOUR,
                true,
                false,
                Optional.of(config.maxAge().orElse(MAX_AGE)),
                config.dedupeWindow(),
                Math.min(MAX_BATCH, config.batchLimit().orElse(MAX_BATCH)),
                config.settle().orElse(SETTLE));
        this.deadline = config.deadline();
        this.uri = URI.create(EndpointUrl.base(config, "url") + "/batchUsageEvent?api-version=2018-08-31");
        this.echo = new MarketplaceEcho(
                PAYER_FIELD.value(config, "payerField", "resourceId"),
                config.options().get("planId"));
        this.connection = new OutboundHttp(vertx, config.outbound(true));
        this.http = new AuthorizedHttp(
                connection,
                new ClientCredentials(
                        connection,
                        EndpointUrl.option(config, "tokenUrl"),
                        config.options().get("clientId"),
                        config.options().get("clientSecret"),
                        Audience.scope(config.options().getOrDefault("scope", DEFAULT_SCOPE))));
    }

    @Override
    public Terms terms() {
        return terms;
    }

    /** The event as it stands in the list {@code request}; its quantity is an exact decimal in plain notation. */
    @Override
    public Buffer body(EventContent content) {
        return new JsonText()
                .string(echo.payerField(), content.payer())
                .number("quantity", content.quantity())
                .string("dimension", content.dimension())
                .string("effectiveStartTime", content.effectiveTime())
                .string("planId", echo.planId())
                .bytes();
    }

    @Override
    public Future<SubmissionResult> submit(Submission submission) {
        String id = submission.id().toString();
        MultiMap headers = MultiMap.caseInsensitiveMultiMap()
                .add("Content-Type", "application/json")
                .add("Accept", "application/json")
                .add("x-ms-requestid", id)
                .add("x-ms-correlationid", id)
                .add(TraceContext.HEADER, submission.traceparent());
        Buffer body = EventBytes.list("{\"request\":[", submission, "]}");
        return http.post(uri, headers, body, Deadline.in(deadline)).map(result -> read(submission, result));
    }

    @Override
    public Future<Void> close() {
        return connection.close();
    }

    private SubmissionResult read(Submission submission, AuthorizedHttp.Result result) {
        if (result.reply() instanceof Failure failure) {
            return SubmissionResult.ofAll(submission, Outcome.of(failure.trouble()), null, failure.detail())
                    .retryingAfter(failure.retryAfter());
        }
        Answer answer = (Answer) result.reply();
        String remoteId = Detail.of(answer.headers().get("x-ms-requestid"), result.secrets());
        int events = submission.events().size();
        boolean single = answer.status() == 409 && events == 1;
        if (answer.status() == 200 || single) {
            MarketplaceAnswer content = new MarketplaceAnswer(echo, submission, remoteId, result.secrets());
            return AnswerJson.read(answer.body())
                    .map(json -> single ? content.conflict(json) : content.results(json))
                    .orElseGet(() -> SubmissionResult.ofAll(
                            submission, Outcome.Nonsense, remoteId, "HTTP " + answer.status() + " without JSON"))
                    .retryingAfter(answer.retryAfter());
        }
        return SubmissionResult.ofAll(
                        submission,
                        StatusOutcome.of(answer.status(), events),
                        remoteId,
                        Detail.of(answer, result.secrets()))
                .retryingAfter(answer.retryAfter());
    }
}
