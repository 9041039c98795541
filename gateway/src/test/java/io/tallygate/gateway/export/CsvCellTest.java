package io.tallygate.gateway.export;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvCellTest {
    @Test
    void whatIsNotThereIsEmpty() {
        assertThat(CsvCell.of(null)).isEmpty();
        assertThat(CsvCell.of("")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "vm-1", "a=b", "1+1", "a'b", "10%", "a b", "{}", "\u00FC\u2028\uD83D\uDE00", "\\n"})
    void whatIsHarmlessStaysAsItIs(String text) {
        assertThat(CsvCell.of(text)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "=1",
                "+1",
                "-1",
                "@x",
                "'x",
                "''",
                "=",
                "'",
                "\uFF1D1",
                "\uFF0B1",
                "\uFF0D1",
                "\uFF201",
                "-5.0",
                "=cmd|' /C calc'!A0"
            })
    void whatBeginsLikeAFormulaGetsAnApostrophe(String text) {
        assertThat(CsvCell.of(text)).isEqualTo("'" + text);
    }

    @Test
    void aFormulaThatNeedsQuotesHasItsApostropheInside() {
        assertThat(CsvCell.of("=a,b")).isEqualTo("\"'=a,b\"");
        assertThat(CsvCell.of("=\"x\"")).isEqualTo("\"'=\"\"x\"\"\"");
        assertThat(CsvCell.of("\t=x")).isEqualTo("\"'\t=x\"");
        assertThat(CsvCell.of("\r")).isEqualTo("\"'\r\"");
        assertThat(CsvCell.of("\n=x")).isEqualTo("\"'\n=x\"");
    }

    @Test
    void whatAReaderWouldSplitOrTrimIsQuoted() {
        assertThat(CsvCell.of("a,b")).isEqualTo("\"a,b\"");
        assertThat(CsvCell.of("a;b")).isEqualTo("\"a;b\"");
        assertThat(CsvCell.of("a\tb")).isEqualTo("\"a\tb\"");
        assertThat(CsvCell.of("a\r\nb")).isEqualTo("\"a\r\nb\"");
        assertThat(CsvCell.of("\"")).isEqualTo("\"\"\"\"");
        assertThat(CsvCell.of("a\"b\"")).isEqualTo("\"a\"\"b\"\"\"");
        assertThat(CsvCell.of(" a")).isEqualTo("\" a\"");
        assertThat(CsvCell.of("a ")).isEqualTo("\"a \"");
        assertThat(CsvCell.of(" ")).isEqualTo("\" \"");
    }
}
