package io.tallygate.gateway.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallygate.gateway.http.QueryParameters;
import io.vertx.core.MultiMap;
import io.vertx.ext.web.MIMEHeader;
import io.vertx.ext.web.impl.ParsableMIMEValue;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerFormatTest {
    private static QueryParameters asking(String format) {
        MultiMap parameters = MultiMap.caseInsensitiveMultiMap();
        return new QueryParameters(format == null ? parameters : parameters.add("$format", format));
    }

    // In the order of preference, as the router has them.
    private static List<MIMEHeader> accepting(String... types) {
        return Stream.of(types)
                .map(type -> (MIMEHeader) new ParsableMIMEValue(type).forceParse())
                .toList();
    }

    @Test
    void theFirstAcceptableTypeThatThereIsCounts() {
        assertThat(AnswerFormat.of(accepting("text/html", "text/csv", "application/json"), asking(null)))
                .isEqualTo(AnswerFormat.CSV);
        assertThat(AnswerFormat.of(accepting("Application/X-NDJSON;q=0.1"), asking(null)))
                .isEqualTo(AnswerFormat.NDJSON);
        assertThat(AnswerFormat.of(accepting("application/jsonl"), asking(null)))
                .isEqualTo(AnswerFormat.NDJSON);
        assertThat(AnswerFormat.of(accepting("application/x-jsonlines"), asking(null)))
                .isEqualTo(AnswerFormat.NDJSON);
        assertThat(AnswerFormat.of(accepting("*/*", "text/csv"), asking(null))).isEqualTo(AnswerFormat.JSON);
    }

    @Test
    void whoeverAsksForNoneOfThemGetsPages() {
        assertThat(AnswerFormat.of(accepting(), asking(null))).isEqualTo(AnswerFormat.JSON);
        assertThat(AnswerFormat.of(accepting("image/png"), asking(null))).isEqualTo(AnswerFormat.JSON);
        assertThat(AnswerFormat.of(accepting("text/csv;q=0"), asking(null))).isEqualTo(AnswerFormat.JSON);
    }

    @Test
    void theParameterWins() {
        assertThat(AnswerFormat.of(accepting("application/json"), asking("CSV")))
                .isEqualTo(AnswerFormat.CSV);
        assertThat(AnswerFormat.of(accepting("text/csv"), asking("json"))).isEqualTo(AnswerFormat.JSON);
        assertThat(AnswerFormat.of(accepting(), asking("ndjson"))).isEqualTo(AnswerFormat.NDJSON);
    }

    @ParameterizedTest
    @ValueSource(strings = {"xml", "text/csv", "json ", "JSON,CSV"})
    void anotherNameIsRefused(String format) {
        assertThatThrownBy(() -> AnswerFormat.of(accepting(), asking(format))).hasMessageContaining("`$format`");
    }

    @Test
    void allButPagesAreStreams() {
        assertThat(AnswerFormat.values())
                .filteredOn(AnswerFormat::isStream)
                .extracting(AnswerFormat::extension)
                .containsExactly("ndjson", "csv");
    }
}
