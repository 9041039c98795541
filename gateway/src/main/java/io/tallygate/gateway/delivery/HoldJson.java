package io.tallygate.gateway.delivery;

import io.tallygate.routing.desk.Hold;
import io.vertx.core.json.JsonObject;

/** Holds on the wire. */
final class HoldJson {
    private HoldJson() {}

    /** Says in an object whether it is held; null is not held. */
    static JsonObject put(JsonObject json, Hold hold) {
        json.put("held", hold != null);
        if (hold != null) {
            json.put("reason", hold.reason())
                    .put("automatic", hold.automatic())
                    .put("since", hold.since().toString());
        }
        return json;
    }
}
