package io.tallygate.routing.commerce;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.routing.outbound.AnswerJson;
import io.tallygate.routing.outbound.Deadline;
import io.tallygate.routing.outbound.Detail;
import io.tallygate.routing.outbound.HttpReply;
import io.tallygate.routing.outbound.HttpReply.Answer;
import io.tallygate.routing.outbound.HttpReply.Failure;
import io.tallygate.routing.outbound.OutboundHttp;
import io.tallygate.routing.trace.TraceContext;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Kill Bill's usage records: {@code POST {url}/1.0/kb/usages}
 * (<a href="https://apidocs.killbill.io/usage.html">reference</a>; what it does not say was tried on 0.22.26), one event
 * at a time. The payer is the id of the Kill Bill subscription, the dimension its unit type: one that the catalog does
 * not have is taken and never billed. Negative amounts are taken and subtracted.
 *
 * <p>An event's key is the tracking id, which Kill Bill takes once for each subscription; it does not say whether the
 * content was the same, but a key stands for its content. It looks before it writes and has no unique index, so two
 * gateways that send the same event in the same moment could both succeed: that is what leases are for.
 *
 * <p>Kill Bill 0.22 keeps whole amounts and dates; it cuts decimals off silently, so an amount that is not whole is
 * {@link Outcome#InvalidQuantity} before it is sent. Give such meters a {@code multiplier}, or use 0.24, which keeps nine
 * decimals and times.
 *
 * <p>Options: {@code url}, {@code apiKey}, {@code apiSecret}, {@code user}, {@code password}; {@code version}: 0.22 (the
 * default) or 0.24; {@code multiplier}: how many of Kill Bill's units one of ours is, by default 1. Events that are
 * composed already keep the multiplier that they were composed with.
 */
public final class KillBillAdapter implements CommerceAdapter {
    /** The option {@code version}. */
    static final AdapterType.Form VERSION = AdapterType.Form.of("0\\.2[24]", "0.22 or 0.24");

    /** The option {@code multiplier}. */
    static final AdapterType.Form MULTIPLIER =
            AdapterType.Form.of("[1-9][0-9]{0,17}", "a whole number of at most 18 digits");

    private static final Duration SETTLE = Duration.ofHours(2);
    // What a bigint always holds; 0.24 has decimal(18, 9).
    private static final int MAX_DIGITS = 18;
    // USAGE_RECORD_TRACKING_ID_ALREADY_EXISTS of org.killbill.billing.ErrorCode.
    private static final int TRACKING_ID_EXISTS = 50000;

    private final Terms terms;
    private final Duration deadline;
    private final OutboundHttp http;
    private final URI uri;
    private final MultiMap headers;
    private final List<String> secrets;
    private final boolean exact;
    private final BigDecimal multiplier;

    /** @throws IllegalArgumentException if an option's value is none that it takes; the message holds no secret */
    public KillBillAdapter(Vertx vertx, EndpointConfig config) {
        this.terms = new Terms(
                Grouping.HOUR,
                false,
                true,
                config.maxAge(),
                config.dedupeWindow(),
                1,
                config.settle().orElse(SETTLE));
        this.deadline = config.deadline();
        this.uri = URI.create(EndpointUrl.base(config, "url") + "/1.0/kb/usages");
        this.exact = VERSION.value(config, "version", "0.22").equals("0.24");
        this.multiplier = new BigDecimal(MULTIPLIER.value(config, "multiplier", "1"));
        String password = config.options().get("password");
        String login = config.options().get("user") + ":" + password;
        String apiKey = config.options().get("apiKey");
        String apiSecret = config.options().get("apiSecret");
        this.secrets = List.of(password, apiSecret, apiKey);
        this.headers = MultiMap.caseInsensitiveMultiMap()
                .add("Content-Type", "application/json")
                .add("Accept", "application/json")
                .add(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8)))
                .add("X-Killbill-ApiKey", apiKey)
                .add("X-Killbill-ApiSecret", apiSecret)
                .add("X-Killbill-CreatedBy", "tallygate");
        this.http = new OutboundHttp(vertx, config.outbound(false));
    }

    @Override
    public Terms terms() {
        return terms;
    }

    @Override
    public Buffer body(EventContent content) {
        JsonText amount = new JsonText()
                .string("recordDate", recordDate(content.effectiveTime()))
                .number("amount", content.quantity().multiply(multiplier));
        JsonText unit = new JsonText().string("unitType", content.dimension()).json("usageRecords", "[" + amount + "]");
        return new JsonText()
                .string("subscriptionId", content.payer())
                .string("trackingId", content.key())
                .json("unitUsageRecords", "[" + unit + "]")
                .bytes();
    }

    private Object recordDate(Instant time) {
        return exact ? time : LocalDate.ofInstant(time, ZoneOffset.UTC);
    }

    @Override
    public Future<SubmissionResult> submit(Submission submission) {
        if (submission.events().size() > 1) {
            return Future.succeededFuture(
                    SubmissionResult.ofAll(submission, Outcome.TooLarge, null, "Kill Bill takes one event at a time"));
        }
        Submission.Event event = submission.events().get(0);
        if (!fits(event.body())) {
            return Future.succeededFuture(SubmissionResult.ofAll(
                    submission,
                    Outcome.InvalidQuantity,
                    null,
                    "not sent: this version of Kill Bill takes " + (exact ? "nine decimals" : "whole amounts")
                            + " of at most 18 digits"));
        }
        MultiMap all = MultiMap.caseInsensitiveMultiMap()
                .addAll(headers)
                .add("X-Request-Id", submission.id().toString())
                .add(TraceContext.HEADER, submission.traceparent());
        return http.post(uri, all, event.body(), Deadline.in(deadline)).map(reply -> read(submission, reply));
    }

    // Asked of the bytes, not of the quantity: they were made with the multiplier of their day.
    private boolean fits(Buffer body) {
        return AnswerJson.read(body)
                .map(event -> event.at("/unitUsageRecords/0/usageRecords/0/amount"))
                .filter(JsonNode::isNumber)
                .map(amount -> amount.decimalValue().stripTrailingZeros())
                .filter(amount -> amount.scale() <= (exact ? MAX_DIGITS / 2 : 0)
                        && amount.precision() - amount.scale() <= (exact ? MAX_DIGITS / 2 : MAX_DIGITS))
                .isPresent();
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
        Outcome outcome = outcome(answer);
        String detail = outcome == Outcome.Accepted ? null : Detail.of(answer, secrets);
        String remoteId = Detail.of(answer.headers().get("X-Request-Id"), secrets);
        return SubmissionResult.ofAll(submission, outcome, remoteId, detail).retryingAfter(answer.retryAfter());
    }

    private static Outcome outcome(Answer answer) {
        Optional<JsonNode> error = AnswerJson.read(answer.body()).filter(body -> body.has("className"));
        return switch (answer.status()) {
            case 201 -> Outcome.Accepted;
            // In the words of the servlet container it says that the subscription ended before the record's date.
            case 400 -> error.map(KillBillAdapter::refused).orElse(Outcome.NotSubscribed);
            // With an error of Kill Bill's it is the subscription that was not found, else the address.
            case 404 -> error.isPresent() ? Outcome.ResourceNotFound : Outcome.Nonsense;
            default -> StatusOutcome.of(answer.status(), 1);
        };
    }

    private static Outcome refused(JsonNode error) {
        return error.path("code").asInt() == TRACKING_ID_EXISTS ? Outcome.Duplicate : Outcome.BadArgument;
    }
}
