package io.tallygate.deploy.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventSourcesIT {
    @TempDir
    Path directory;

    private static List<String> texts(List<ImportItem> items) {
        return items.stream()
                .filter(ImportItem.Event.class::isInstance)
                .map(item -> ((ImportItem.Event) item).json().toString())
                .toList();
    }

    @Test
    void linesStayAsTheyAre() throws IOException {
        List<ImportItem> items = Items.of(directory, """
                BOM{ "specversion" : "1.0","q":1.0e2 }\r

                \t
                {"specversion":"1.0","q":1,"q":2}
                {"specversion":
                [1]
                {} {}
                "x"
                {"last":"\u00e4"}""".replace("BOM", "\uFEFF"));
        assertThat(texts(items))
                .containsExactly(
                        "{ \"specversion\" : \"1.0\",\"q\":1.0e2 }",
                        "{\"specversion\":\"1.0\",\"q\":1,\"q\":2}",
                        "{\"last\":\"\u00e4\"}");
        assertThat(items.stream().map(ImportItem::line)).containsExactly(1L, 4L, 5L, 6L, 7L, 8L, 9L);
        assertThat(Items.refusals(items)).extracting(Refusal::code).containsOnly("MalformedJson");
    }

    @Test
    void aLineThatIsTooLongIsRefused() throws IOException {
        List<ImportItem> items = Items.of(
                directory,
                "{\"specversion\":\"1.0\"}\n{\"a\":\"" + "x".repeat(EventLineSource.LONGEST_LINE) + "\"}\n{\"b\":1}\n");
        assertThat(items.stream().map(ImportItem::line)).containsExactly(1L, 2L, 3L);
        assertThat(Items.refusals(items)).extracting(Refusal::code).containsExactly("LineTooLong");
    }

    @Test
    void aBatchIsTakenApart() throws IOException {
        List<ImportItem> items = Items.of(
                directory,
                "[\n {\"specversion\":\"1.0\",\n \"data\":{\"quantity\":0.10000000000000000000001,\"e\":1E+400}},\n 7,\n {}]\n");
        assertThat(texts(items))
                .containsExactly(
                        "{\"specversion\":\"1.0\",\"data\":{\"quantity\":0.10000000000000000000001,\"e\":1E+400}}",
                        "{}");
        assertThat(items.stream().map(ImportItem::line)).containsExactly(2L, 4L, 5L);
    }

    @Test
    void aSingleEventMayBePrintedPrettily() throws IOException {
        List<ImportItem> items = Items.of(directory, "{\n  \"specversion\": \"1.0\",\n  \"id\": \"1\"\n}\n");
        assertThat(texts(items)).containsExactly("{\"specversion\":\"1.0\",\"id\":\"1\"}");
    }

    @Test
    void aTruncatedBatchEndsWithItsLine() throws IOException {
        List<ImportItem> items = Items.of(directory, "[{\"specversion\":\"1.0\"},\n{\"specversion\":\"1.0\",");
        assertThat(texts(items)).hasSize(1);
        assertThat(Items.refusals(items))
                .extracting(Refusal::line, Refusal::code)
                .containsExactly(tuple(2L, "MalformedJson"));
    }

    /** Jackson takes it for UTF-32, of which it is none, and says so with another exception than for broken JSON. */
    @Test
    void whatLooksLikeUtf32AndIsNoneIsRefusedInEachFormat() throws IOException {
        byte[] content = {0, 0, 0, '{', 'C', 'B', 'C', 'C', 'a', 'b', 'c', 'd'};
        InputFile file = InputFile.of(Files.write(directory.resolve("input"), content));
        for (InputFormat format : InputFormat.values()) {
            assertThat(Items.refusals(Items.of(file, format))).as("%s", format).hasSize(1);
        }
        assertThatThrownBy(() -> InputFormat.detect(file)).hasMessageContaining("--format");
    }

    @Test
    void anEmptyFileHoldsNothing() throws IOException {
        assertThat(Items.of(directory, "")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a,b,c\n1,2,3\n", "{\"error\":{\"code\":\"x\"}}", "hello", "42"})
    void whatIsNeitherIsSaidToBe(String content) {
        assertThatThrownBy(() -> Items.of(directory, content))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("--format");
    }
}
