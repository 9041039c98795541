package io.tallygate.gateway.http;

import io.tallygate.gateway.observe.ObservedRequest;
import io.tallygate.gateway.observe.RequestObserver;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;

/** What every route has in common: ids, checks, answers and failures. */
public final class RequestHandling {
    private RequestHandling() {}

    /**
     * A router whose every answer, unknown routes included, carries the request's ids and the wire's form of errors.
     *
     * @param observer told of every request
     */
    public static Router router(Vertx vertx, RefusalListener refusals, RequestObserver observer) {
        FailureHandler failures = new FailureHandler(refusals);
        Router router = Router.router(vertx);
        if (observer != RequestObserver.NONE) {
            router.route().handler(ObservedRequest.watch(observer));
        }
        router.route()
                .handler(new RequestIds())
                .handler(new SecurityHeaders())
                .handler(new StrictFraming())
                .failureHandler(failures);
        for (int status : new int[] {400, 404, 405, 406, 415}) {
            router.errorHandler(status, failures.unrouted(status));
        }
        router.errorHandler(500, failures);
        return router;
    }

    /** A handler that goes on unless the check throws. */
    public static Handler<RoutingContext> check(Consumer<RoutingContext> check) {
        return ctx -> {
            check.accept(ctx);
            ctx.next();
        };
    }

    /**
     * A handler that sends what the future gives; null was sent already. Whatever is thrown or failed with on the way
     * reaches the failure handler.
     *
     * @param body what is read of the body first
     */
    public static Handler<RoutingContext> respond(Function<RoutingContext, Future<Answer>> handler, TakenBody body) {
        return respond(handler, body, (ctx, sent) -> {});
    }

    /**
     * The same.
     *
     * @param sending told of every answer that is on its way to its caller
     */
    public static Handler<RoutingContext> respond(
            Function<RoutingContext, Future<Answer>> handler,
            TakenBody body,
            BiConsumer<RoutingContext, Future<Void>> sending) {
        return ctx -> {
            Future<Void> ready = switch (body) {
                case NONE -> RequestBody.drop(ctx);
                case SMALL, LARGE -> RequestBody.keep(ctx, body.max());
                case STREAMED -> Future.succeededFuture();
            };
            ready.compose(read -> handler.apply(ctx))
                    .map(answer -> send(ctx, answer, sending))
                    .onFailure(ctx::fail);
        };
    }

    private static Answer send(RoutingContext ctx, Answer answer, BiConsumer<RoutingContext, Future<Void>> sending) {
        if (answer != null && !ctx.response().closed()) {
            Future<Void> sent = answer.send(ctx.response());
            SlowReader.cutLater(
                    ctx, sent, answer.body() == null ? 0 : answer.body().length());
            sending.accept(ctx, sent);
        }
        return answer;
    }
}
