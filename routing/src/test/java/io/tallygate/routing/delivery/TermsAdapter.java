package io.tallygate.routing.delivery;

import io.tallygate.routing.commerce.CommerceAdapter;
import io.tallygate.routing.commerce.EndpointConfig;
import io.tallygate.routing.commerce.EventContent;
import io.tallygate.routing.commerce.Grouping;
import io.tallygate.routing.commerce.Submission;
import io.tallygate.routing.commerce.SubmissionResult;
import io.tallygate.routing.commerce.Terms;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** An adapter that has terms and makes bytes, for endpoints that nothing is sent to. */
final class TermsAdapter implements CommerceAdapter {
    static final Terms HOUR = terms(Grouping.HOUR, true, false, null);

    private final Terms terms;
    /** What it made bytes of. */
    final Queue<EventContent> contents = new ConcurrentLinkedQueue<>();
    /** Happens once, when the next bytes are made: between the reading of rows and their assignment. */
    volatile Runnable meanwhile;

    TermsAdapter(Terms terms) {
        this.terms = terms;
    }

    static Terms terms(Grouping grouping, boolean slots, boolean acceptsNegative, Duration maxAge) {
        return new Terms(
                grouping, slots, acceptsNegative, Optional.ofNullable(maxAge), Optional.empty(), 25, Duration.ZERO);
    }

    /** The endpoint of registrations that name none, with this adapter. */
    Endpoint endpoint() {
        EndpointConfig config = new EndpointConfig(
                EndpointConfig.DEFAULT_NAME,
                null,
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                1,
                0,
                Duration.ofSeconds(10),
                new EndpointConfig.Breaker(5, Duration.ofSeconds(30)));
        return new Endpoint(config, this);
    }

    @Override
    public Terms terms() {
        return terms;
    }

    @Override
    public Buffer body(EventContent content) {
        contents.add(content);
        Runnable now = meanwhile;
        meanwhile = null;
        if (now != null) {
            now.run();
        }
        return Buffer.buffer(content.key() + " " + content.quantity().toPlainString());
    }

    @Override
    public Future<SubmissionResult> submit(Submission submission) {
        throw new AssertionError("Nothing is sent to it");
    }

    @Override
    public Future<Void> close() {
        return Future.succeededFuture();
    }
}
