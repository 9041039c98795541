package io.tallygate.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallygate.gateway.http.ApiError;
import io.tallygate.gateway.http.ApiException;
import io.tallygate.gateway.http.RefusalReason;
import io.vertx.core.MultiMap;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CredentialTest {
    private static final String SECRET = "tgk_nobody-must-see-this";

    private final MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    private final MultiMap query = MultiMap.caseInsensitiveMultiMap();

    @Test
    void aTokenIsABearer() {
        headers.add("authorization", "bEARER " + SECRET);
        assertThat(Credential.of(headers, query, Optional::empty))
                .isEqualTo(new Credential(Credential.Kind.TOKEN, SECRET));
    }

    @Test
    void aKeyIsThePasswordOfAnyUser() {
        for (String user : new String[] {"", "tallygate", "a user", "\u00e4"}) {
            headers.set("Authorization", basic(user + ":" + SECRET));
            assertThat(Credential.of(headers, query, Optional::empty)).as(user).isEqualTo(key());
        }
    }

    @Test
    void aKeyIsInAHeaderOrAParameter() {
        headers.add("X-API-Key", SECRET);
        assertThat(Credential.of(headers, query, Optional::empty)).isEqualTo(key());
        headers.clear();
        query.add("API_KEY", SECRET);
        assertThat(Credential.of(headers, query, Optional::empty)).isEqualTo(key());
    }

    @Test
    void nothingIsRefused() {
        query.add("apikey", SECRET).add("key", SECRET);
        headers.add("api-key", SECRET);
        assertRefused(RefusalReason.NO_CREDENTIAL);
    }

    @Test
    void moreThanOneIsRefusedEvenIfTheyAreTheSame() {
        headers.add("Authorization", "Bearer " + SECRET).add("Authorization", "Bearer " + SECRET);
        assertRefused(RefusalReason.SEVERAL_CREDENTIALS);
        headers.clear().add("Authorization", "Bearer " + SECRET).add("x-api-key", SECRET);
        assertRefused(RefusalReason.SEVERAL_CREDENTIALS);
        headers.clear().add("Authorization", basic("user:" + SECRET));
        query.add("api_key", "");
        assertRefused(RefusalReason.SEVERAL_CREDENTIALS);
        headers.clear();
        query.add("Api_Key", SECRET);
        assertRefused(RefusalReason.SEVERAL_CREDENTIALS);
        query.clear();
        headers.add("x-api-key", SECRET).add("x-api-key", SECRET);
        assertRefused(RefusalReason.SEVERAL_CREDENTIALS);
    }

    @Test
    void otherSchemesAndFormsAreRefused() {
        for (String header : new String[] {
            "",
            SECRET,
            "Bearer",
            "Basic",
            "Digest " + SECRET,
            "Basic " + SECRET,
            "Basic ====",
            "Basic " + Base64.getEncoder().encodeToString("no colon".getBytes(StandardCharsets.UTF_8)),
            basic("u".repeat(2000) + ":" + SECRET)
        }) {
            headers.set("Authorization", header);
            assertRefused(RefusalReason.MALFORMED_HEADER);
        }
    }

    private static Credential key() {
        return new Credential(Credential.Kind.API_KEY, SECRET);
    }

    private static String basic(String pair) {
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    private void assertRefused(RefusalReason reason) {
        assertThatThrownBy(() -> Credential.of(headers, query, Optional::empty))
                .isInstanceOfSatisfying(ApiException.class, refusal -> {
                    assertThat(refusal.error()).isEqualTo(ApiError.AuthenticationFailed);
                    assertThat(refusal.reason()).contains(reason);
                    assertThat(refusal.getMessage()).doesNotContain(SECRET).doesNotContain("tgk_");
                });
    }
}
