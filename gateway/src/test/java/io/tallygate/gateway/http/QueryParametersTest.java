package io.tallygate.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.MultiMap;
import java.util.List;
import org.junit.jupiter.api.Test;

class QueryParametersTest {
    @Test
    void namesAreComparedWithoutCase() {
        MultiMap sent = MultiMap.caseInsensitiveMultiMap().add("REPORTEDstartTIME", "x");
        assertThat(new QueryParameters(sent).find("reportedStartTime")).contains("x");
    }

    @Test
    void sameValueTwiceIsFineAndAnotherIsNot() {
        MultiMap sent = MultiMap.caseInsensitiveMultiMap().add("a", "1").add("A", "1");
        assertThat(new QueryParameters(sent).find("a")).contains("1");
        sent.add("a", "2");
        assertThatThrownBy(() -> new QueryParameters(sent))
                .isInstanceOfSatisfying(
                        ApiException.class,
                        refusal -> assertThat(refusal.error()).isEqualTo(ApiError.InvalidProperty));
    }

    @Test
    void aNameThatIsNoCleanWordIsNotRepeated() {
        for (String name : List.of("a\u0000b", "a\ud800", "a".repeat(65), "a\nb")) {
            MultiMap sent = MultiMap.caseInsensitiveMultiMap().add(name, "1").add(name, "2");
            assertThatThrownBy(() -> new QueryParameters(sent)).hasMessageStartingWith("`?` is given twice");
            sent.set(name, "1");
            assertThatThrownBy(() -> new QueryParameters(sent).only("from"))
                    .hasMessageStartingWith("`?` is no parameter");
        }
    }

    @Test
    void emptyCountsAsMissing() {
        QueryParameters parameters =
                new QueryParameters(MultiMap.caseInsensitiveMultiMap().add("a", ""));
        assertThat(parameters.find("a")).isEmpty();
        assertThatThrownBy(() -> parameters.require("a", "a number")).hasMessageContaining("`a` is missing");
    }
}
