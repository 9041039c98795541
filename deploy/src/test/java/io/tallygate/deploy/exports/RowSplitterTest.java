package io.tallygate.deploy.exports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowSplitterTest {
    private final List<String> tokens = new ArrayList<>();

    /** What is left of a body that arrives in pieces of so many bytes. */
    private String split(WireFormat format, String body, int piece) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (StandardOutput output = new StandardOutput(bytes, "")) {
            RowSplitter splitter = new RowSplitter(format);
            byte[] all = body.getBytes(StandardCharsets.UTF_8);
            for (int from = 0; from < all.length; from += piece) {
                splitter.take(Arrays.copyOfRange(all, from, Math.min(all.length, from + piece)));
                for (WireRow row = splitter.next(); row != null; row = splitter.next()) {
                    row.writeTo(output);
                    tokens.add(row.token());
                }
            }
            assertThat(splitter.isEmpty()).isTrue();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 64, 100_000})
    void thePositionIsCutOutOfALineOfJson(int piece) {
        String rows = """
                {"a":1}
                {"b":"ends like one\\",\\"continuationToken\\":\\"x"}
                {"c":{"continuationToken":"x"}}
                {"name":"abc"}
                {"a":"üß","b":{"c":"d"}}
                {}
                """;
        String positioned = rows.replace("\"}}\n{}", "\"},\"continuationToken\":\"a-Z_09\"}\n{}");

        assertThat(positioned).isNotEqualTo(rows);
        assertThat(split(WireFormat.NDJSON, positioned, piece)).isEqualTo(rows);
        assertThat(tokens).containsExactly(null, null, null, null, "a-Z_09", null);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 64, 100_000})
    void thePositionIsCutOutOfARowOfCsv(int piece) {
        String positioned = """
                h1,h2,continuationToken\r
                1,"a ""quoted"",\r
                cell, of
                 three lines",\r
                2,"",abc\r
                3,,'-d_e\r
                ,,\r
                """;
        String rows = """
                h1,h2\r
                1,"a ""quoted"",\r
                cell, of
                 three lines"\r
                2,""\r
                3,\r
                ,\r
                """;

        assertThat(split(WireFormat.CSV, positioned, piece)).isEqualTo(rows);
        assertThat(tokens).containsExactly("continuationToken", null, "abc", "-d_e", null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nothing\r\n", "a,b\n", "\n"})
    void whatIsNoRowOfCsvIsNotTaken(String row) {
        assertThatThrownBy(() -> split(WireFormat.CSV, row, 100)).hasRootCauseInstanceOf(ExportException.class);
    }
}
