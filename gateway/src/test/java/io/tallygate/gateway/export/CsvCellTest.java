package io.tallygate.gateway.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CsvCellTest {
    private static final String HOSTILE = "=+-@'\";,\t\r\n a\uFF1D\uFF0B\uFF0D\uFF20";

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', textBlock = """
            =1+1,            '=1+1
            @x,              '@x
            plain,           plain
            a=b,             a=b
            'quoted,         ''quoted
            `a;=1`,          `"a;'=1"`
            `{"k":"x;=1"}`,  `"{""k"":""x;'=1""}"`
            `a,b`,           `"a,b"`
            """)
    void whatBeginsLikeAFormulaGetsAnApostrophe(String text, String cell) {
        assertThat(CsvCell.of(text)).isEqualTo(cell);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "vm-1", "a=b", "1+1", "a'b", "10%", "a b", "{}", "\u00FC\u2028\uD83D\uDE00", "\\n"})
    void whatIsHarmlessStaysAsItIs(String text) {
        assertThat(CsvCell.of(text)).isEqualTo(text);
    }

    @Test
    void aFormulaThatNeedsQuotesHasItsApostropheInside() {
        assertThat(CsvCell.of("=a,b")).isEqualTo("\"'=a,b\"");
        assertThat(CsvCell.of("=\"x\"")).isEqualTo("\"'=\"\"x\"\"\"");
        assertThat(CsvCell.of("\t=x")).isEqualTo("\"'\t'=x\"");
        assertThat(CsvCell.of("\r")).isEqualTo("\"'\r\"");
        assertThat(CsvCell.of("\n=x")).isEqualTo("\"'\n'=x\"");
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

    @Test
    void noReaderSeesAFormulaBeginWhateverItTakesForASeparator() {
        texts().forEach(text -> {
            String cell = read(CsvCell.of(text));
            Stream.of(cell.split("[;\\t\\r\\n]", -1))
                    .map(part -> part.replaceFirst("^[\"\\s]+", ""))
                    .forEach(part -> assertThat(part)
                            .as("of <%s>", text)
                            .doesNotStartWith("=")
                            .doesNotStartWith("+")
                            .doesNotStartWith("-")
                            .doesNotStartWith("@"));
        });
    }

    @Test
    void thePlainTextIsWhatItWas() {
        texts().forEach(text ->
                assertThat(CsvCell.plain(read(CsvCell.of(text)))).isEqualTo(text));
    }

    @Test
    void nothingIsAnEmptyCell() {
        assertThat(CsvCell.of(null)).isEmpty();
        assertThat(CsvCell.of("")).isEmpty();
    }

    private static Stream<String> texts() {
        Random random = new Random(7);
        return Stream.generate(() -> {
                    StringBuilder text = new StringBuilder();
                    for (int i = random.nextInt(7); i >= 0; i--) {
                        text.append(HOSTILE.charAt(random.nextInt(HOSTILE.length())));
                    }
                    return text.toString();
                })
                .limit(50_000);
    }

    // As RFC 4180 has it.
    private static String read(String cell) {
        return cell.startsWith("\"") ? cell.substring(1, cell.length() - 1).replace("\"\"", "\"") : cell;
    }
}
