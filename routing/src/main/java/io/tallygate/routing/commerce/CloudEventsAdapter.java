package io.tallygate.routing.commerce;

import io.tallygate.routing.outbound.Deadline;
import io.tallygate.routing.outbound.Detail;
import io.tallygate.routing.outbound.HttpReply;
import io.tallygate.routing.outbound.HttpReply.Answer;
import io.tallygate.routing.outbound.HttpReply.Failure;
import io.tallygate.routing.outbound.OutboundHttp;
import io.tallygate.routing.trace.TraceContext;
import io.tallygate.store.usage.CanonicalJson;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * CloudEvents 1.0, JSON batch format over HTTP
 * (<a href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md">specification</a>), as
 * OpenMeter takes it: 204 for the whole batch, a repeated (source, id) is dropped silently. OpenMeter must be configured
 * to do so ({@code dedupe.enabled}); it forgets after {@code dedupe.config.expiration}, 24 h by default, and so does this
 * adapter's {@code dedupeWindow}: raise both together.
 *
 * <p>Options: {@code url} to post to; {@code token} for the header Authorization; {@code source}, one for ever, by
 * default {@code urn:tallygate:NAME}; {@code type}, by default {@code tallygate.usage}.
 */
public final class CloudEventsAdapter implements CommerceAdapter {
    private static final int MAX_BATCH = 100;
    private static final Duration DEDUPE_WINDOW = Duration.ofHours(24);

    private final Terms terms;
    private final Duration deadline;
    private final OutboundHttp http;
    private final URI uri;
    private final Optional<String> token;
    private final String source;
    private final String type;

    /** @throws IllegalArgumentException if the url is none that it takes */
    public CloudEventsAdapter(Vertx vertx, EndpointConfig config) {
        this.terms = new Terms(
                Grouping.ROW,
                false,
                true,
                config.maxAge(),
                Optional.of(config.dedupeWindow().orElse(DEDUPE_WINDOW)),
                config.batchLimit().orElse(MAX_BATCH),
                config.settle().orElse(Duration.ZERO));
        this.deadline = config.deadline();
        this.uri = URI.create(EndpointUrl.option(config, "url"));
        this.token = Optional.ofNullable(config.options().get("token"));
        this.source = config.options()
                .getOrDefault("source", "urn:tallygate:" + URLEncoder.encode(config.name(), StandardCharsets.UTF_8));
        this.type = config.options().getOrDefault("type", "tallygate.usage");
        this.http = new OutboundHttp(vertx, config.outbound(false));
    }

    @Override
    public Terms terms() {
        return terms;
    }

    /** One CloudEvent: its id is the key, its subject the payer, its quantity a string, since many read numbers as doubles. */
    @Override
    public Buffer body(EventContent content) {
        EventContent.Row row = content.rows().get(0);
        JsonText data = new JsonText()
                .string("quantity", CanonicalJson.plain(content.quantity()))
                .string("unit", row.unit())
                .string("meter", row.meterId())
                .string("meterName", row.meterName())
                .string("dimension", row.dimension())
                .string("tenant", row.tenant())
                .string("subscription", row.subscription())
                .string("resource", row.resourceUri())
                .string("location", row.location())
                .json("tags", row.tags())
                .string("kind", row.kind())
                .string("reportedTime", row.reportedTime());
        return new JsonText()
                .string("specversion", "1.0")
                .string("id", content.key())
                .string("source", source)
                .string("type", type)
                .string("subject", content.payer())
                .string("time", content.effectiveTime())
                .string("datacontenttype", "application/json")
                .json("data", data.toString())
                .bytes();
    }

    @Override
    public Future<SubmissionResult> submit(Submission submission) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap()
                .add("Content-Type", "application/cloudevents-batch+json; charset=utf-8")
                .add("x-request-id", submission.id().toString())
                .add(TraceContext.HEADER, submission.traceparent());
        token.ifPresent(value -> headers.add("Authorization", "Bearer " + value));
        Buffer body = EventBytes.list("[", submission, "]");
        return http.post(uri, headers, body, Deadline.in(deadline)).map(reply -> read(submission, reply));
    }

    @Override
    public Future<Void> close() {
        return http.close();
    }

    private SubmissionResult read(Submission submission, HttpReply reply) {
        if (reply instanceof Failure failure) {
            return SubmissionResult.ofAll(submission, Outcome.of(failure.trouble()), null, failure.detail());
        }
        Answer answer = (Answer) reply;
        List<String> secrets = token.map(List::of).orElse(List.of());
        String remoteId = Detail.of(answer.headers().get("x-request-id"), secrets);
        SubmissionResult result = answer.status() == 204
                ? SubmissionResult.ofAll(submission, Outcome.Accepted, remoteId, null)
                : SubmissionResult.ofAll(
                        submission,
                        StatusOutcome.of(answer.status(), submission.events().size()),
                        remoteId,
                        Detail.of(answer, secrets));
        return result.retryingAfter(answer.retryAfter());
    }
}
