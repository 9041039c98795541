package io.tallygate.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RawQueryTest {
    private static final List<String> NAMES = List.of("continuationToken", "api_key");

    @Test
    void othersStayAsTheyAre() {
        assertThat(RawQuery.without(null, NAMES)).isEmpty();
        assertThat(RawQuery.without("", NAMES)).isEmpty();
        assertThat(RawQuery.without("a=%2B1&&b&c=d=e", NAMES)).isEqualTo("a=%2B1&b&c=d=e");
        assertThat(RawQuery.without("api_keys=1&xapi_key=2", NAMES)).isEqualTo("api_keys=1&xapi_key=2");
    }

    @Test
    void theNamesAreFoundInEveryForm() {
        for (String hidden : List.of(
                "api_key=tgk_x",
                "API_KEY=tgk_x",
                "api_key",
                "api%5Fkey=tgk_x",
                "%61pi_key=tgk_x",
                "api_key=tgk_x&api_key=tgk_y",
                "b=2;api_key=tgk_x",
                "continuationtoken=tgk_x",
                "%zz=tgk_x")) {
            assertThat(RawQuery.without("a=1&" + hidden + "&c=3", NAMES))
                    .as(hidden)
                    .doesNotContain("tgk_")
                    .startsWith("a=1&")
                    .endsWith("&c=3");
        }
    }
}
