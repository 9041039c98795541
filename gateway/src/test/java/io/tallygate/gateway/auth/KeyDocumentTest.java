package io.tallygate.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallygate.gateway.testing.SigningKey;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which keys of an issuer are used, and which of its documents are its own. */
class KeyDocumentTest {
    private static final SigningKey RSA = SigningKey.rsa("rsa");
    private static final SigningKey EC = SigningKey.ec("ec");

    @Test
    void anRsaKeyWithoutAlgorithmCountsForBoth() {
        assertThat(keys(RSA.jwk())).extracting(VerificationKey::algorithm).containsExactlyInAnyOrder("RS256", "PS256");
        assertThat(keys(RSA.jwk().put("alg", "PS256")))
                .extracting(VerificationKey::algorithm)
                .containsExactly("PS256");
    }

    @Test
    void anEcKeyCountsForEs256() {
        assertThat(keys(EC.jwk())).extracting(VerificationKey::algorithm).containsExactly("ES256");
    }

    @Test
    void useAndKidMayBeAbsent() {
        JsonObject jwk = RSA.jwk();
        jwk.remove("use");
        jwk.remove("kid");

        assertThat(keys(jwk)).hasSize(2).allMatch(key -> key.id().isEmpty());
    }

    @Test
    void onlyTheCheckedNumbersGoOn() {
        JsonObject jwk = RSA.jwk().put("x5c", new JsonArray().add("MIIB")).put("x5u", "https://trap.example");

        assertThat(keys(jwk).get(0).jwk().fieldNames()).containsExactlyInAnyOrder("kty", "n", "e", "alg", "use", "kid");
    }

    @Test
    void leavesOutWhatItCannotUse() {
        List<VerificationKey> keys = keys(
                new JsonObject().put("kty", "oct").put("k", "c2VjcmV0"),
                new JsonObject().put("kty", "OKP").put("crv", "Ed25519").put("x", "AA"),
                RSA.jwk().put("use", "enc"),
                EC.jwk());

        assertThat(keys).extracting(key -> key.id().orElseThrow()).containsExactly("ec");
    }

    @Test
    void ofTwoKeysWithTheSameIdTheFirstCounts() {
        List<VerificationKey> keys = keys(RSA.jwk(), SigningKey.rsa("rsa").jwk());

        assertThat(keys).hasSize(2);
        assertThat(keys.get(0).jwk().getString("n")).isEqualTo(RSA.jwk().getString("n"));
    }

    @Test
    void refusesASetWithoutAUsableKey() {
        refuses(RSA.jwk().put("use", "enc"));
        refuses(RSA.jwk().put("use", 1));
        refuses(RSA.jwk().put("key_ops", new JsonArray().add("encrypt")));
        refuses(RSA.jwk().put("key_ops", "verify"));
        refuses(RSA.jwk().put("alg", "HS256"));
        refuses(RSA.jwk().put("alg", "none"));
        refuses(RSA.jwk().put("alg", "RS512"));
        refuses(RSA.jwk().put("alg", "ES256"));
        refuses(RSA.jwk().put("kty", "rsa"));
        refuses(RSA.jwk().put("kid", 7));
        refuses(RSA.jwk().put("d", "AA"));
        refuses(RSA.jwk().put("e", "AQ"));
        refuses(RSA.jwk().put("e", "Ag"));
        refuses(RSA.jwk().put("n", "AQAB"));
        refuses(RSA.jwk().put("n", ""));
        refuses(RSA.jwk().put("n", "!"));
        refuses(without(RSA.jwk(), "n"));
        refuses(without(RSA.jwk(), "kty"));
        refuses(SigningKey.rsa("short", 1024).jwk());
        refuses(SigningKey.ec("other", "secp384r1").jwk());
        refuses(EC.jwk().put("x", "AA"));
        refuses(EC.jwk().put("x", "AA").put("y", "AA"));
        refuses(EC.jwk().put("crv", "P-384"));
        refuses(new JsonObject());
        refuses();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "[]",
                "null",
                "<html></html>",
                "{\"keys\":{}}",
                "{\"keys\":null}",
                "{\"keys\":[]}",
                "{\"keys\":[1]}",
                "{\"keys\":[null]}",
                "{\"keys\":[],\"keys\":[]}"
            })
    void refusesWhatIsNoKeySet(String document) {
        assertThatThrownBy(() -> KeyDocument.keys(bytes(document))).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "https://login.example,https://login.example,true",
        "https://login.example,https://login.example/,false",
        "https://login.example,https://LOGIN.example,false",
        "https://login.example,https://evil.example,false",
        "https://e.example/{tenantId}/v2.0,https://e.example/{tenantId}/v2.0,true",
        "https://e.example/{tenantId}/v2.0,https://e.example/{tenantid}/v2.0,true",
        "https://e.example/{tenantId}/v2.0,https://e.example/1b000000-0000-4000-8000-00000000000b/v2.0,true",
        "https://e.example/{tenantId}/v2.0,https://e.example/common/v2.0,false",
        "https://e.example/{tenantId}/v2.0,https://evil.example/{tenantid}/v2.0,false",
        "https://e.example/{tenantId}/v2.0,https://e.example/{tenantid}/v2.0/,false",
    })
    void takesOnlyTheDiscoveryDocumentOfTheIssuer(String issuer, String published, boolean taken) {
        IssuerConfig config = new IssuerConfig(issuer, Set.of(), Optional.empty(), Optional.empty());
        byte[] document = discovery(json -> json.put("issuer", published));

        if (taken) {
            assertThat(KeyDocument.jwksUri(config, document)).isEqualTo(URI.create("https://keys.example/jwks"));
        } else {
            assertThatThrownBy(() -> KeyDocument.jwksUri(config, document)).hasMessageContaining("another issuer");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://keys.example/jwks",
                "file:///etc/passwd",
                "jwks",
                "",
                "https:///jwks",
                "https://u:p@keys.example/",
                "https://keys.example/#x",
                "https://keys example/"
            })
    void takesKeysOnlyFromHttps(String uri) {
        IssuerConfig config = new IssuerConfig("https://login.example", Set.of(), Optional.empty(), Optional.empty());

        assertThatThrownBy(() -> KeyDocument.jwksUri(config, discovery(json -> json.put("jwks_uri", uri))))
                .hasMessageContaining("jwks_uri");
    }

    private static byte[] discovery(Consumer<JsonObject> change) {
        JsonObject document =
                new JsonObject().put("issuer", "https://login.example").put("jwks_uri", "https://keys.example/jwks");
        change.accept(document);
        return bytes(document.encode());
    }

    private static void refuses(JsonObject... keys) {
        assertThatThrownBy(() -> keys(keys))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no key that may verify tokens");
    }

    private static List<VerificationKey> keys(JsonObject... keys) {
        return KeyDocument.keys(
                bytes(new JsonObject().put("keys", new JsonArray(List.of(keys))).encode()));
    }

    private static JsonObject without(JsonObject key, String name) {
        key.remove(name);
        return key;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
