package io.tallygate.gateway.portal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallygate.gateway.crypto.Base64Url;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class TokenAnswerTest {
    private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");
    private static final String ISSUER = "https://login.example/{tenantid}/v2.0";
    private static final String TENANT = "6f0c8d1e-2b1f-4c5e-9b43-2f9a51d0c1a7";

    private final JsonObject claims = new JsonObject()
            .put("iss", ISSUER.replace("{tenantid}", TENANT))
            .put("tid", TENANT)
            .put("aud", "portal")
            .put("nonce", "n")
            .put("sub", "s")
            .put("exp", NOW.plusSeconds(1).getEpochSecond());

    @Test
    void itsPersonHasAName() {
        assertThat(name()).isEqualTo("s");
        claims.put("email", "e");
        assertThat(name()).isEqualTo("e");
        claims.put("preferred_username", "p");
        assertThat(name()).isEqualTo("p");
        claims.put("name", "A Name");
        assertThat(name()).isEqualTo("A Name");
        claims.put("aud", new JsonArray(List.of("another", "portal"))).put("azp", "portal");
        assertThat(name()).isEqualTo("A Name");
    }

    @Test
    void anIdTokenForSomethingElseIsRefused() {
        for (JsonObject wrong : List.of(
                claims.copy().put("nonce", "another"),
                claims.copy().putNull("nonce"),
                claims.copy().put("aud", "another"),
                claims.copy().put("aud", new JsonArray(List.of("another"))),
                claims.copy().put("azp", "another"),
                claims.copy().put("iss", "https://elsewhere.example/" + TENANT + "/v2.0"),
                claims.copy().put("tid", "../x"),
                claims.copy().put("exp", NOW.getEpochSecond()),
                claims.copy().put("exp", "never"))) {
            assertThatThrownBy(() -> name(wrong)).as(wrong.encode()).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void anAnswerWithoutTokensIsRefused() {
        for (String body : List.of(
                "",
                "[]",
                "{}",
                "{\"token_type\":\"Bearer\"}",
                "{\"token_type\":\"mac\",\"access_token\":\"a\"}",
                "{\"token_type\":\"Bearer\",\"access_token\":1}",
                "{\"token_type\":\"Bearer\",\"access_token\":\"a\",\"access_token\":\"b\"}")) {
            assertThatThrownBy(() -> TokenAnswer.of(body.getBytes(StandardCharsets.UTF_8)))
                    .as(body)
                    .isInstanceOf(IllegalArgumentException.class);
        }
        TokenAnswer alone =
                TokenAnswer.of("{\"token_type\":\"bearer\",\"access_token\":\"a\"}".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> alone.nameFor("portal", "n", ISSUER, NOW))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("openid");
        assertThat(alone.toString()).isEqualTo("TokenAnswer");
    }

    private String name() {
        return name(claims);
    }

    private static String name(JsonObject claims) {
        String token = "e30." + Base64Url.encode(claims.encode().getBytes(StandardCharsets.UTF_8)) + ".c2ln";
        String body = new JsonObject()
                .put("token_type", "Bearer")
                .put("access_token", "a.b.c")
                .put("id_token", token)
                .encode();
        return TokenAnswer.of(body.getBytes(StandardCharsets.UTF_8)).nameFor("portal", "n", ISSUER, NOW);
    }
}
