package io.tallygate.gateway.directory;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.gateway.auth.Actors;
import io.tallygate.gateway.http.Answer;
import io.tallygate.gateway.http.ApiError;
import io.tallygate.gateway.http.JsonFields;
import io.tallygate.gateway.http.WireText;
import io.tallygate.store.directory.Meter;
import io.tallygate.store.directory.MeterStore;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The meter catalogue: everyone reads it, the operator changes it. */
public final class MeterHandler {
    private static final int MAX_ID = 256;
    private static final int MAX_TEXT = 256;

    private final MeterStore meters;

    /** Reads and writes the given store. */
    public MeterHandler(MeterStore meters) {
        this.meters = meters;
    }

    /** {@code GET /meters}. */
    public Future<Answer> list(RoutingContext ctx) {
        return meters.all().map(all -> {
            JsonArray value = new JsonArray();
            all.forEach(meter -> value.add(json(meter)));
            return Answer.ok(new JsonObject().put("value", value));
        });
    }

    /**
     * {@code PUT /meters/{id}}: creates a meter or changes it. What the body leaves out stays as it is; name and unit
     * never change, since sealed usage shows them.
     */
    public Future<Answer> put(RoutingContext ctx) {
        String id = ctx.pathParam("meter");
        if (id.length() > MAX_ID || !WireText.isClean(id)) {
            throw ApiError.InvalidProperty.because("The meter id in the path may have " + MAX_ID + " characters");
        }
        JsonFields body = JsonFields.body(ctx);
        return meters.find(id).compose(before -> {
            Meter wanted = before == null ? created(id, body) : changed(before, body);
            return meters.put(wanted, Actors.of(ctx)).map(done -> {
                if (!done) {
                    throw ApiError.Conflict.because(
                            "`name` and `unit` of a meter never change: sealed usage shows them");
                }
                return Answer.ok(json(wanted));
            });
        });
    }

    private static Meter created(String id, JsonFields body) {
        String name = body.text("name", MAX_TEXT).orElseThrow(() -> body.missing("name", "a string"));
        String unit = body.text("unit", MAX_TEXT).orElseThrow(() -> body.missing("unit", "a string"));
        return new Meter(
                id,
                name,
                body.text("resourceProvider", MAX_TEXT).orElse(""),
                unit,
                body.bool("deprecated").orElse(false),
                body.bool("chargeable").orElse(false),
                overlaps(body).orElse(List.of()),
                body.text("commerceMeterId", MAX_ID).orElse(id));
    }

    private static Meter changed(Meter before, JsonFields body) {
        return new Meter(
                before.id(),
                body.text("name", MAX_TEXT).orElse(before.name()),
                body.text("resourceProvider", MAX_TEXT).orElse(before.resourceProvider()),
                body.text("unit", MAX_TEXT).orElse(before.unit()),
                body.bool("deprecated").orElse(before.deprecated()),
                body.bool("chargeable").orElse(before.chargeable()),
                overlaps(body).orElse(before.overlaps()),
                body.text("commerceMeterId", MAX_ID).orElse(before.commerceMeterId()));
    }

    private static Optional<List<String>> overlaps(JsonFields body) {
        return body.json("overlaps").map(value -> {
            List<String> ids = new ArrayList<>();
            for (JsonNode id : value) {
                if (!id.isTextual() || !WireText.isClean(id.textValue())) {
                    throw body.wrong("overlaps", "an array of meter ids");
                }
                ids.add(id.textValue());
            }
            if (!value.isArray()) {
                throw body.wrong("overlaps", "an array of meter ids");
            }
            return ids;
        });
    }

    private static JsonObject json(Meter meter) {
        return new JsonObject()
                .put("meterId", meter.id())
                .put("name", meter.name())
                .put("resourceProvider", meter.resourceProvider())
                .put("unit", meter.unit())
                .put("deprecated", meter.deprecated())
                .put("chargeable", meter.chargeable())
                .put("overlaps", new JsonArray(meter.overlaps()))
                .put("commerceMeterId", meter.commerceMeterId());
    }
}
