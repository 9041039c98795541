package io.tallygate.routing.testing;

import io.tallygate.routing.commerce.AdapterType;
import io.tallygate.routing.commerce.CommerceAdapter;
import io.tallygate.routing.commerce.EndpointConfig;
import io.tallygate.routing.commerce.EventContent;
import io.tallygate.routing.commerce.Grouping;
import io.tallygate.routing.commerce.Outcome;
import io.tallygate.routing.commerce.Submission;
import io.tallygate.routing.commerce.SubmissionResult;
import io.tallygate.routing.commerce.SubmissionResult.EventResult;
import io.tallygate.routing.commerce.Terms;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** Plays an endpoint with a book of its own: what it billed under which key. Answers as it is told. */
public final class FakeEndpoint implements CommerceAdapter {
    public static final String NAME = "fake";

    /** Every submission that came, in order. */
    public final List<Submission> submissions = new CopyOnWriteArrayList<>();

    /** What it answers; at first it bills. */
    public volatile Function<Submission, Future<SubmissionResult>> answer = this::bill;

    private final Map<UUID, String> book = new ConcurrentHashMap<>();
    private final Terms terms;

    public FakeEndpoint(int batchLimit) {
        this(batchLimit, Optional.empty(), Optional.empty());
    }

    public FakeEndpoint(int batchLimit, Optional<Duration> maxAge, Optional<Duration> dedupeWindow) {
        terms = new Terms(Grouping.HOUR, false, true, maxAge, dedupeWindow, batchLimit, Duration.ZERO);
    }

    /** How it is configured in most tests. */
    public static EndpointConfig config(int concurrency, Duration deadline, EndpointConfig.Breaker breaker) {
        return new EndpointConfig(
                NAME,
                new AdapterType(NAME, Set.of(), Set.of(), (vertx, config) -> new FakeEndpoint(1)),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                concurrency,
                0,
                deadline,
                breaker);
    }

    /** Bills what it has not, and says so. */
    public Future<SubmissionResult> bill(Submission submission) {
        return Future.succeededFuture(new SubmissionResult(
                submission.events().stream().map(this::bill).toList(), Optional.empty()));
    }

    /** The same for all. */
    public static Future<SubmissionResult> all(Submission submission, Outcome outcome) {
        return Future.succeededFuture(SubmissionResult.ofAll(submission, outcome, "request", null));
    }

    /** How many keys it billed; it bills none twice. */
    public int billed() {
        return book.size();
    }

    /** Whether it billed this one. */
    public boolean billed(UUID key) {
        return book.containsKey(key);
    }

    @Override
    public Terms terms() {
        return terms;
    }

    @Override
    public Buffer body(EventContent content) {
        return Buffer.buffer(content.toString());
    }

    @Override
    public Future<SubmissionResult> submit(Submission submission) {
        submissions.add(submission);
        return answer.apply(submission);
    }

    @Override
    public Future<Void> close() {
        return Future.succeededFuture();
    }

    private EventResult bill(Submission.Event event) {
        String content = event.body().toString();
        String before = book.putIfAbsent(event.key(), content);
        Outcome outcome =
                before == null ? Outcome.Accepted : before.equals(content) ? Outcome.Duplicate : Outcome.Conflict;
        return new EventResult(event.key(), outcome, "bill-" + event.key(), null);
    }
}
