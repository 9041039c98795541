package io.tallygate.deploy.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tallygate.deploy.demo.CommerceSwitch.Order;
import io.tallygate.deploy.demo.MeteredEvent.UnreadableException;
import io.tallygate.deploy.demo.MeteringDesk.Result;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Answers the metering service's requests: as it should, or as the switch says. */
final class FaultyAnswer {
    private static final String JSON = "application/json; charset=utf-8";

    private final Vertx vertx;
    private final MeteringDesk desk;

    FaultyAnswer(Vertx vertx, MeteringDesk desk) {
        this.vertx = vertx;
        this.desk = desk;
    }

    /** The service's form of an error. */
    static ObjectNode error(String code, String message) {
        return CommerceJson.object().put("message", message).put("code", code);
    }

    /** Bills a batch, or what the fault leaves of it, and answers. */
    void batch(RoutingContext ctx, Order order, List<JsonNode> events, String requestId) {
        List<JsonNode> billed = order.fault() == CommerceFault.PARTIAL ? events.subList(0, events.size() / 2) : events;
        ArrayNode list = CommerceJson.object().putArray("result");
        if (answersUnbilled(ctx, order)) {
            return;
        }
        billed.forEach(event -> list.add(take(order, event, requestId).json()));
        ObjectNode body = CommerceJson.object().put("count", list.size());
        body.set("result", list);
        send(ctx, order, 200, body);
    }

    /** The same for the operation that takes one event. */
    void single(RoutingContext ctx, Order order, JsonNode event, String requestId) {
        if (answersUnbilled(ctx, order)) {
            return;
        }
        Result result = take(order, event, requestId);
        switch (result.status()) {
            case Accepted -> send(ctx, order, 200, result.json());
            case Duplicate -> send(ctx, order, 409, (ObjectNode) result.json().path("error"));
            case ResourceNotAuthorized ->
                send(ctx, order, 403, (ObjectNode) result.json().path("error"));
            default -> {
                ObjectNode body = error("BadArgument", "One or more errors have occurred.")
                        .put("target", "usageEventRequest");
                body.putArray("details").add(result.json().path("error"));
                send(ctx, order, 400, body);
            }
        }
    }

    private Result take(Order order, JsonNode event, String requestId) {
        return switch (order.fault()) {
            case STATUS ->
                MeteringDesk.refused(
                        event,
                        order.status(),
                        "usageEventRequest",
                        "The switch says " + order.status().name() + ".");
            case DUPLICATE_OTHER -> duplicateOfOther(event, requestId);
            case WRONG_ECHO -> wrong(desk.take(event, requestId));
            default -> desk.take(event, requestId);
        };
    }

    private static Result duplicateOfOther(JsonNode json, String requestId) {
        try {
            MeteredEvent event = MeteredEvent.read(json);
            MeteredEvent other = event.withQuantity(event.quantity().add(BigDecimal.ONE));
            return MeteringDesk.duplicate(
                    json, new Billing(UUID.randomUUID().toString(), other, Instant.EPOCH, requestId));
        } catch (UnreadableException e) {
            return MeteringDesk.refused(json, MeteringStatus.BadArgument, e.target(), e.getMessage());
        }
    }

    private static Result wrong(Result result) {
        JsonNode quantity = result.json().path("quantity");
        ObjectNode json = result.json().deepCopy();
        json.put("quantity", quantity.decimalValue().add(BigDecimal.ONE));
        return new Result(result.status(), json);
    }

    // What answers without billing; all of it but the answers that have an element for each event.
    private boolean answersUnbilled(RoutingContext ctx, Order order) {
        switch (order.fault()) {
            case HTTP -> send(ctx, order, order.http(), error("Error", "The switch says " + order.http() + "."));
            case HTML -> html(ctx);
            case CLOSE -> close(ctx);
            case HANG -> {
                if (order.delayMillis() > 0) {
                    vertx.setTimer(order.delayMillis(), late -> close(ctx));
                }
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private void send(RoutingContext ctx, Order order, int status, ObjectNode body) {
        if (order.delayMillis() > 0) {
            vertx.setTimer(order.delayMillis(), late -> sendNow(ctx, order, status, body));
        } else {
            sendNow(ctx, order, status, body);
        }
    }

    private static void sendNow(RoutingContext ctx, Order order, int status, ObjectNode body) {
        HttpServerResponse response = ctx.response();
        // Whoever was to be answered late may have gone.
        if (response.closed() || response.ended()) {
            return;
        }
        Buffer bytes = Buffer.buffer(CommerceJson.write(body));
        response.setStatusCode(status).putHeader("Content-Type", JSON);
        if (order.retryAfter() != null) {
            response.putHeader("Retry-After", order.retryAfter());
        }
        switch (order.fault()) {
            case FORGET -> close(ctx);
            case GARBAGE -> response.end("{\"count\": 1, \"result\": [{\"status\": \"Acc");
            case TRUNCATED -> {
                response.putHeader("Content-Length", Integer.toString(bytes.length()));
                response.write(bytes.getBuffer(0, bytes.length() / 2)).onComplete(written -> close(ctx));
            }
            default -> response.end(bytes);
        }
    }

    private static void html(RoutingContext ctx) {
        ctx.response()
                .putHeader("Content-Type", "text/html; charset=utf-8")
                .end("<!DOCTYPE html><title>Sign in</title><p>Sign in to the network.");
    }

    private static void close(RoutingContext ctx) {
        var unused = ctx.request().connection().close();
    }
}
