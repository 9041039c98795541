package io.tallygate.deploy.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tallygate.deploy.demo.CommerceSwitch.Order;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All routes of the commerce endpoint: the two of the metering service, which need a token, and those of the demo, which
 * show the book and turn the switch. The service answers a bad token with 403; this one with 401, as HTTP has it, and
 * with 403 only if the token's owner may not bill.
 */
final class CommerceRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(CommerceRoutes.class);
    private static final String VERSION = "2018-08-31";
    private static final String REQUEST_ID = "x-ms-requestid";
    private static final String CORRELATION_ID = "x-ms-correlationid";
    private static final int MAX_BODY = 1 << 20;
    /** The most events of a batch. */
    private static final int MAX_EVENTS = 25;

    private final CommerceTokens tokens;
    private final CommerceBook book;
    private final MeteringDesk desk;
    private final CommerceSwitch switches;
    private final FaultyAnswer answers;
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong refusedRequests = new AtomicLong();

    CommerceRoutes(Vertx vertx, CommerceTokens tokens, CommerceBook book, MeteringDesk desk, CommerceSwitch switches) {
        this.tokens = tokens;
        this.book = book;
        this.desk = desk;
        this.switches = switches;
        this.answers = new FaultyAnswer(vertx, desk);
    }

    /** A request that the metering service does not take. */
    private static final class RefusedException extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final int status;
        private final String code;

        RefusedException(int status, String code, String message) {
            super(message, null, false, false);
            this.status = status;
            this.code = code;
        }
    }

    /** The routes. */
    Router router(Vertx vertx) {
        Router router = Router.router(vertx);
        router.route().handler(BodyHandler.create(false).setBodyLimit(MAX_BODY));
        router.post("/api/batchUsageEvent").handler(refusing(this::batch));
        router.post("/api/usageEvent").handler(refusing(this::single));
        router.get("/").handler(this::everything);
        router.get("/subscriptions/:id")
                .handler(ctx -> json(ctx, 200, new CommerceReport(book).subscription(ctx.pathParam("id"))));
        router.get("/switch").handler(ctx -> json(ctx, 200, switches.json()));
        router.post("/switch").handler(refusing(this::turn));
        router.route().failureHandler(CommerceRoutes::failed);
        return router;
    }

    private void batch(RoutingContext ctx) {
        String requestId = admit(ctx);
        JsonNode events = body(ctx).path("request");
        if (!events.isArray() || events.isEmpty()) {
            throw new RefusedException(400, "BadArgument", "The request is a list of one or more usage events.");
        }
        if (events.size() > MAX_EVENTS) {
            throw new RefusedException(400, "BadArgument", "The batch contained more than 25 usage events.");
        }
        List<JsonNode> list = new ArrayList<>();
        events.forEach(list::add);
        answers.batch(ctx, switches.next(resources(list)), list, requestId);
    }

    private void single(RoutingContext ctx) {
        String requestId = admit(ctx);
        JsonNode event = body(ctx);
        Order order = switches.next(resources(List.of(event)));
        answers.single(ctx, order, event, requestId);
    }

    // The checks that come before the body; gives the request's id, which the answer carries.
    private String admit(RoutingContext ctx) {
        requests.incrementAndGet();
        String requestId = given(ctx, REQUEST_ID);
        ctx.response().putHeader(REQUEST_ID, requestId).putHeader(CORRELATION_ID, given(ctx, CORRELATION_ID));
        switch (tokens.decide(ctx.request().getHeader("Authorization"))) {
            case ALLOWED -> {}
            case UNAUTHORIZED -> {
                ctx.response().putHeader("WWW-Authenticate", "Bearer realm=\"tallygate demo commerce\"");
                throw new RefusedException(401, "Unauthorized", "The token is missing, invalid or expired.");
            }
            case FORBIDDEN ->
                throw new RefusedException(
                        403, "Forbidden", "The token needs the role " + DemoClients.COMMERCE_ROLE + ".");
        }
        if (!VERSION.equals(ctx.request().getParam("api-version"))) {
            throw new RefusedException(400, "BadArgument", "The api-version is " + VERSION + ".");
        }
        return requestId;
    }

    private static String given(RoutingContext ctx, String header) {
        return Optional.ofNullable(ctx.request().getHeader(header))
                .orElseGet(() -> UUID.randomUUID().toString());
    }

    private static List<String> resources(List<JsonNode> events) {
        return events.stream()
                .map(event -> event.path("resourceId")
                        .asText(event.path("resourceUri").asText()))
                .toList();
    }

    private static JsonNode body(RoutingContext ctx) {
        try {
            return CommerceJson.read(Optional.ofNullable(ctx.body().asString()).orElse(""));
        } catch (JsonProcessingException e) {
            throw new RefusedException(400, "BadArgument", "The body is no JSON.");
        }
    }

    private void everything(RoutingContext ctx) {
        ObjectNode report =
                new CommerceReport(book).everything("true".equals(ctx.request().getParam("events")));
        report.set("switch", switches.json());
        ObjectNode counters = report.putObject("counters");
        counters.put("requests", requests.get()).put("refusedRequests", refusedRequests.get());
        for (MeteringStatus status : MeteringStatus.values()) {
            counters.put(status.name(), desk.counts().getOrDefault(status, 0L));
        }
        json(ctx, 200, report);
    }

    private void turn(RoutingContext ctx) {
        JsonNode order = body(ctx);
        try {
            switches.set(order);
        } catch (IllegalArgumentException e) {
            throw new RefusedException(400, "BadArgument", e.getMessage());
        }
        json(ctx, 200, switches.json());
    }

    private Handler<RoutingContext> refusing(Handler<RoutingContext> handler) {
        return ctx -> {
            try {
                handler.handle(ctx);
            } catch (RefusedException refused) {
                refusedRequests.incrementAndGet();
                json(ctx, refused.status, FaultyAnswer.error(refused.code, refused.getMessage()));
            }
        };
    }

    private static void failed(RoutingContext ctx) {
        if (ctx.failure() != null) {
            LOG.error("The commerce endpoint failed", ctx.failure());
        }
        if (!ctx.response().ended()) {
            int status = ctx.statusCode() > 0 ? ctx.statusCode() : 500;
            json(ctx, status, FaultyAnswer.error("Error", "The request failed."));
        }
    }

    private static void json(RoutingContext ctx, int status, ObjectNode body) {
        ctx.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "application/json; charset=utf-8")
                .end(CommerceJson.write(body));
    }
}
