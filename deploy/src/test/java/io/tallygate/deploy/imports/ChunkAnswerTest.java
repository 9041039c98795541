package io.tallygate.deploy.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallygate.deploy.client.GatewayAnswer;
import io.tallygate.deploy.client.StoppedException;
import io.tallygate.deploy.client.TryAgainException;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class ChunkAnswerTest {
    private static Chunk chunk(long... lines) {
        Chunk chunk = new Chunk();
        for (long line : lines) {
            chunk.add(new ImportItem.Event(line, Buffer.buffer("{}")));
        }
        return chunk;
    }

    private static GatewayAnswer answer(String body, Throwable failure) {
        return new GatewayAnswer(200, null, body, failure);
    }

    @Test
    void linesAreThoseOfTheInputFile() throws Exception {
        ChunkAnswer answer = ChunkAnswer.read(answer("""
                        {"line":2,"source":"s","id":"i","outcome":"Rejected","code":"c","field":"f","message":"m"}
                        {"totals":{"lines":3,"Accepted":2,"Duplicate":0,"Conflict":0,"Quarantined":0,"Rejected":1}}
                        """, null), chunk(10, 20, 30));
        assertThat(answer.refusals()).containsExactly(new Refusal(20, "s", "i", "Rejected", "c", "f", "m"));
        assertThat(answer.totals()).containsEntry("Accepted", 2L).containsEntry("Rejected", 1L);
    }

    @Test
    void totalsThatDoNotAccountForEveryRecordStopTheImport() {
        assertThatThrownBy(() -> ChunkAnswer.read(answer("{\"totals\":{\"Accepted\":2}}\n", null), chunk(1, 2, 3)))
                .isInstanceOf(StoppedException.class)
                .hasMessageContaining("sent 3 records, the gateway accounts for 2");
    }

    @Test
    void aStoreFailureIsTriedAgain() {
        assertThatThrownBy(() -> ChunkAnswer.read(
                        answer(
                                "{\"durableThroughLine\":1,\"error\":{\"code\":\"ServiceUnavailable\"}}\n",
                                new IOException("reset")),
                        chunk(1, 2, 3)))
                .isInstanceOf(TryAgainException.class)
                .hasMessageContaining("after record 1 of 3")
                .hasMessageContaining("ServiceUnavailable");
    }

    @Test
    void anAnswerThatIsCutOffIsTriedAgain() {
        assertThatThrownBy(() -> ChunkAnswer.read(answer("{\"line\":1,\"outc", new IOException("reset")), chunk(1)))
                .isInstanceOf(TryAgainException.class);
        assertThatThrownBy(() -> ChunkAnswer.read(answer("", null), chunk(1))).isInstanceOf(TryAgainException.class);
    }

    @Test
    void anAnswerOfSomebodyElseStopsTheImport() {
        assertThatThrownBy(() -> ChunkAnswer.read(answer("<html>", null), chunk(1)))
                .isInstanceOf(StoppedException.class)
                .hasMessageContaining("<html>");
    }
}
