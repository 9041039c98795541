package io.tallygate.gateway.observe;

import io.tallygate.routing.trace.TraceContext;
import io.tallygate.store.usage.IngestOutcome;
import io.vertx.core.AsyncResult;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.StreamResetException;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * What is known of a request for those who run the gateway: nothing that its caller chose but a correlation id, and
 * nothing of who that is. It belongs to the request's event loop.
 */
public final class ObservedRequest {
    /** What a request is called that no route took. */
    public static final String NO_ROUTE = "none";

    private static final String KEY = ObservedRequest.class.getName();

    private final RequestObserver observer;
    private final RoutingContext ctx;
    private final TraceContext trace;
    private final long began = System.nanoTime();
    private String id;
    private String correlationId;
    private String method = "OTHER";
    private String route = NO_ROUTE;
    private String credential = "none";
    private String error;
    private StreamDirection stream;
    private RequestOutcome outcome;
    private long nanos;

    private ObservedRequest(RequestObserver observer, RoutingContext ctx, TraceContext trace) {
        this.observer = observer;
        this.ctx = ctx;
        this.trace = trace;
    }

    /** A handler that has the observer told when the request is over. */
    public static Handler<RoutingContext> watch(RequestObserver observer) {
        return ctx -> {
            TraceContext trace = TraceContext.parse(ctx.request().getHeader(TraceContext.HEADER))
                    .orElse(null);
            ObservedRequest request = new ObservedRequest(observer, ctx, trace);
            ctx.put(KEY, request);
            ctx.addEndHandler(request::end);
            ctx.next();
        };
    }

    /** That of a context; where nobody watches, one that tells nobody. */
    public static ObservedRequest of(RoutingContext ctx) {
        ObservedRequest request = ctx.get(KEY);
        return request == null ? new ObservedRequest(RequestObserver.NONE, ctx, null) : request;
    }

    /** The ids that its answer says; the second is the caller's, or null. */
    public void named(String requestId, String correlation) {
        id = requestId;
        correlationId = correlation;
    }

    /** The route that took it. */
    public void routed(String routeMethod, String template) {
        method = routeMethod;
        route = template;
    }

    /** With which kind of credential its caller came, good or bad. */
    public void authenticating(String kind) {
        credential = kind;
    }

    /** It failed with this error. */
    public void failed(String code) {
        error = code;
    }

    /** Its records had these outcomes. */
    public void stored(Map<IngestOutcome.Kind, Integer> records) {
        observer.stored(records);
    }

    /** It is a stream from now on. */
    public void streams(StreamDirection direction) {
        stream = direction;
        observer.streamBegan(direction);
    }

    private void end(AsyncResult<Void> ended) {
        if (outcome == null) {
            HttpServerResponse response = ctx.response();
            nanos = System.nanoTime() - began;
            // Over HTTP/2 the stream of a whole answer may be closed before its end is told.
            outcome = response.ended() && !(ended.cause() instanceof StreamResetException)
                    ? RequestOutcome.of(response.getStatusCode())
                    : RequestOutcome.ABORTED;
            observer.ended(this);
        }
    }

    /** Its id, as its answer says it. */
    public String id() {
        return id;
    }

    /** The correlation id that the caller sent, if there is one. */
    public Optional<String> correlationId() {
        return Optional.ofNullable(correlationId);
    }

    /** The trace that the caller says it belongs to. */
    public Optional<TraceContext> trace() {
        return Optional.ofNullable(trace);
    }

    /** Its method, if a route took it, else {@code OTHER}. */
    public String method() {
        return method;
    }

    /** The template of its route, or {@link #NO_ROUTE}. */
    public String route() {
        return route;
    }

    /** The kind of its credential: {@code token}, {@code apiKey}, {@code session} or {@code none}. */
    public String credential() {
        return credential;
    }

    /** The code of the error that it was answered with, if it was. */
    public Optional<String> error() {
        return Optional.ofNullable(error);
    }

    /** Which way it streamed, if it did. */
    public Optional<StreamDirection> stream() {
        return Optional.ofNullable(stream);
    }

    /** How it ended. */
    public RequestOutcome outcome() {
        return outcome;
    }

    /** The status that it was answered with, or was to be. */
    public int status() {
        return ctx.response().getStatusCode();
    }

    /** The bytes of its answer's body that were written, before TLS. */
    public long bytes() {
        return ctx.response().bytesWritten();
    }

    /** From its head until the end of its answer was written. */
    public Duration took() {
        return Duration.ofNanos(nanos);
    }
}
