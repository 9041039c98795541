package io.tallygate.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

class WireJsonTest {
    @Test
    void numbersOfStoredJsonAreNeitherRoundedNorRefused() {
        String stored = "{\"big\":99999999999999999999,\"small\":0.12345678901234567890123,\"long\":1" + "0".repeat(60)
                + ",\"huge\":1E+999,\"list\":[1.5,true,null,\"text\",{\"a\":-1}]}";

        assertThat(new JsonObject().put("x", WireJson.of(stored)).encode()).isEqualTo("{\"x\":" + stored + "}");
    }

    @Test
    void nothingStaysNothing() {
        assertThat(WireJson.of(null)).isNull();
    }
}
