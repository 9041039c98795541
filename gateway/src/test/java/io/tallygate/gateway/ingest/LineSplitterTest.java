package io.tallygate.gateway.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineSplitterTest {
    private final List<String> lines = new ArrayList<>();
    private final LineSplitter splitter =
            new LineSplitter(5, line -> lines.add(line == null ? "OVER" : line.toString()));

    @Test
    void linesAreTheSameHoweverTheBytesArrive() {
        String text = "ab\r\n\ncde\n12345\n123456\nx\nlast";
        List<String> expected = List.of("ab", "", "cde", "12345", "OVER", "x", "last");
        for (int size = 1; size <= text.length(); size++) {
            lines.clear();
            for (int i = 0; i < text.length(); i += size) {
                splitter.add(Buffer.buffer(text.substring(i, Math.min(text.length(), i + size))));
            }
            splitter.end();
            assertThat(lines).as("chunks of %d", size).isEqualTo(expected);
        }
    }

    @Test
    void endWithoutALineIsNoLine() {
        splitter.add(Buffer.buffer("a\n"));
        splitter.end();
        assertThat(lines).containsExactly("a");
    }
}
