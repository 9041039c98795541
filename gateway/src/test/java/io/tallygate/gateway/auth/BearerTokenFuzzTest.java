package io.tallygate.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tallygate.gateway.http.ApiError;
import io.tallygate.gateway.http.ApiException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Set;

/**
 * Bearer tokens and issuers' documents: whatever they are, they are read within the bounds of their types or refused in
 * words that quote nothing of them.
 */
final class BearerTokenFuzzTest {
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
    private static final Set<String> ALGORITHMS = Set.of("RS256", "PS256", "ES256");
    private static final int MAX_MESSAGE = 250;
    private static final String SIGNATURE = ENCODER.encodeToString(new byte[64]);

    @DictionaryEntries({
        "\"alg\":\"RS256\"",
        "\"alg\":\"none\"",
        "\"typ\":\"at+jwt\"",
        "\"kid\":",
        "\"crit\":[",
        "\"iss\":",
        "\"tid\":",
        "\"aud\":[",
        "\"exp\":",
        "\"nbf\":1e400",
        "\"roles\":[",
        "\"keys\":[{\"kty\":\"RSA\",\"n\":\"",
        "\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"",
        "\\ud800"
    })
    @FuzzTest
    void isReadOrRefusedWithoutAnEcho(byte[] data) {
        token(new String(data, StandardCharsets.ISO_8859_1));
        int line = indexOf(data, (byte) '\n');
        byte[] header = Arrays.copyOf(data, line);
        byte[] payload = Arrays.copyOfRange(data, Math.min(line + 1, data.length), data.length);
        token(ENCODER.encodeToString(header) + "." + ENCODER.encodeToString(payload) + "." + SIGNATURE);
        keys(data);
    }

    private static int indexOf(byte[] data, byte wanted) {
        for (int i = 0; i < data.length; i++) {
            if (data[i] == wanted) {
                return i;
            }
        }
        return data.length;
    }

    private static void token(String raw) {
        try {
            Token token = Token.parse(raw);
            assertThat(token.algorithm()).isIn(ALGORITHMS);
            assertThat(raw).hasSizeLessThanOrEqualTo(Token.MAX_LENGTH);
            assertThat(token.claims().issuer()).isNotBlank();
            assertThat(token.claims().subject()).isNotBlank();
            assertThat(token.toString()).doesNotContain(raw);
        } catch (ApiException refusal) {
            assertThat(refusal.error()).isEqualTo(ApiError.InvalidAuthenticationToken);
            assertThat(refusal.getMessage()).hasSizeLessThan(MAX_MESSAGE).matches("[\\x20-\\x7e]+");
        }
    }

    private static void keys(byte[] document) {
        try {
            assertThat(KeyDocument.keys(document)).isNotEmpty();
        } catch (IllegalArgumentException refused) {
            assertThat(refused.getMessage()).isNotBlank();
        }
    }
}
