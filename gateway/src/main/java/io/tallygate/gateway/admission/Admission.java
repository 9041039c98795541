package io.tallygate.gateway.admission;

import io.tallygate.gateway.auth.Caller;
import io.tallygate.gateway.http.ApiError;
import io.tallygate.gateway.http.ApiException;
import io.tallygate.gateway.http.RefusalReason;
import io.tallygate.store.directory.TenantId;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpClosedException;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Lets in as much work as the gateway can do, and refuses the rest with 429 before anything breaks: a rate and a number of
 * untaken answers for each tenant, and a line in which all tenants are served in turn. Who does the operator's work has a
 * line of its own and no rate; API keys of the operator's tenant, and who reads there as everywhere, are a tenant. One for the whole process.
 */
public final class Admission {
    private static final Duration SOON = Duration.ofSeconds(1);
    // Of one tenant: some forty megabytes, if each is a large page.
    private static final int MOST_UNTAKEN = 48;

    private final FairLine<Object> tenants;
    private final FairLine<Object> operators;
    private final Map<TenantId, Integer> untaken = new ConcurrentHashMap<>();
    private final AtomicInteger ingestStreams = new AtomicInteger();
    private final Tarpit flooders = new Tarpit();
    private final AdmissionConfig config;
    private volatile RateLimits rates;

    /** An empty gateway. */
    public Admission(AdmissionConfig config) {
        this.config = config;
        tenants = new FairLine<>(config.tenants(), System::nanoTime);
        operators = new FairLine<>(config.operators(), System::nanoTime);
        rates = RateLimits.of(config);
    }

    /** The rates of another configuration from now on, for everybody as after a start. All else stays. */
    public void changeRates(AdmissionConfig changed) {
        rates = RateLimits.of(changed);
    }

    /** Those that are in force now. */
    RateLimits rates() {
        return rates;
    }

    /** A handler that counts a request of the caller, before anything is done for it, and refuses one too many. */
    public void admit(RoutingContext ctx) {
        Caller caller = Caller.of(ctx);
        Duration wait = caller.operates() ? Duration.ZERO : rates.tenants().take(caller.tenantId());
        if (!wait.isZero()) {
            String why = "Your tenant asks more often than " + rates.tenants().rate() + " times a second";
            flooders.refuse(ctx, refused(RefusalReason.TENANT_RATE, why, wait));
        } else if (untaken.getOrDefault(caller.tenantId(), 0) >= MOST_UNTAKEN) {
            String why = "Your tenant has " + MOST_UNTAKEN + " answers on the way that it does not read";
            flooders.refuse(ctx, refused(RefusalReason.ANSWERS_UNTAKEN, why, SOON));
        } else {
            ctx.next();
        }
    }

    /** A handler whose work is done when it is the caller's turn. */
    public <T> Function<RoutingContext, Future<T>> inTurn(Function<RoutingContext, Future<T>> work) {
        return ctx -> inTurn(ctx, () -> work.apply(ctx));
    }

    /**
     * Does the work when it is the caller's turn. Its place is left when the answer begins or the work is over: a stream
     * does not keep it.
     */
    public <T> Future<T> inTurn(RoutingContext ctx, Supplier<Future<T>> work) {
        Caller caller = Caller.of(ctx);
        FairLine<Object> line = caller.operates() ? operators : tenants;
        Context context = ctx.vertx().getOrCreateContext();
        long now = System.nanoTime();
        context.runOnContext(then -> line.delayed(System.nanoTime() - now));
        Promise<Void> turn = Promise.promise();
        FairLine<Object>.Ticket ticket = line.enter(
                        caller.operates() ? caller.subject() : caller.tenantId(),
                        () -> context.runOnContext(then -> turn.tryComplete()),
                        () -> context.runOnContext(then -> turn.tryFail(waited())))
                .orElseThrow(() -> refused(RefusalReason.LINE_FULL, "The gateway is too busy", SOON));
        if (ticket.hasPlace()) {
            return run(ctx, line, ticket, work);
        }
        long timer = ctx.vertx().setTimer(Math.max(1, line.patience().toMillis()), late -> {
            if (line.giveUp(ticket)) {
                turn.tryFail(waited());
            }
        });
        return turn.future()
                .onComplete(over -> ctx.vertx().cancelTimer(timer))
                .compose(then -> run(ctx, line, ticket, work));
    }

    /** Counts an answer of this caller until its last byte is sent. */
    public void sending(Caller caller, Future<Void> sent) {
        if (!sent.isComplete() && !caller.operates()) {
            TenantId tenant = caller.tenantId();
            untaken.merge(tenant, 1, Integer::sum);
            sent.onComplete(taken -> untaken.computeIfPresent(tenant, (same, count) -> count == 1 ? null : count - 1));
        }
    }

    /** Reads a stream of records, if there may be one more. */
    public <T> Future<T> ingestStream(Supplier<Future<T>> stream) {
        if (ingestStreams.incrementAndGet() > config.ingestStreams()) {
            ingestStreams.decrementAndGet();
            throw refused(
                    RefusalReason.TOO_MANY_STREAMS,
                    "There are " + config.ingestStreams() + " streams of records already",
                    SOON.multipliedBy(5));
        }
        return Future.<Void>succeededFuture()
                .compose(now -> stream.get())
                .onComplete(over -> ingestStreams.decrementAndGet());
    }

    /** Requests of tenants that run. */
    public int runningTenants() {
        return tenants.running();
    }

    /** Requests of tenants that wait. */
    public int waitingTenants() {
        return tenants.waiting();
    }

    /** Requests of operators that run. */
    public int runningOperators() {
        return operators.running();
    }

    /** Requests of operators that wait. */
    public int waitingOperators() {
        return operators.waiting();
    }

    private static ApiException waited() {
        return refused(RefusalReason.WAITED, "The gateway is too busy", SOON);
    }

    private static ApiException refused(RefusalReason reason, String why, Duration retryAfter) {
        return ApiError.TooManyRequests.because(reason, why + ": ask again after the time that Retry-After says")
                .retryAfter(retryAfter);
    }

    private static <T> Future<T> run(
            RoutingContext ctx, FairLine<Object> line, FairLine<Object>.Ticket ticket, Supplier<Future<T>> work) {
        if (ctx.response().closed()) {
            line.leave(ticket);
            return Future.failedFuture(new HttpClosedException("Gone before it was its turn"));
        }
        ctx.addHeadersEndHandler(begun -> line.leave(ticket));
        return Future.<Void>succeededFuture().compose(now -> work.get()).onComplete(over -> line.leave(ticket));
    }
}
