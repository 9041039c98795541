package io.tallygate.deploy.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuditChainTest {
    // Computed by another program, from the form that the migration describes.
    private static final String FIRST = "86f077ceb9cb2515047442191a52474f45e9f0f721401301cbbe707d63c40c02";
    private static final String SECOND = "5b23b8b048e5d8a700c4748084d06a0b41529376ddb6258908c498bf6f43e260";
    private static final String OTHER = "f".repeat(64);

    private final AuditChain chain = new AuditChain(Map.of());

    private static ObjectNode entry(long id, String previous, String hash) {
        return OperatorClient.object()
                .put("auditId", id)
                .put("tenantId", "50000000-0000-4000-8000-00000000000a")
                .put("subject", "somebody")
                .put("previousHash", previous)
                .put("hash", hash);
    }

    private static ObjectNode first() {
        return entry(1, AuditChain.START, FIRST)
                .put("recordedAt", "2026-11-01T10:00:00.000123Z")
                .put("action", "meter.put")
                .put("target", "/meters/täglich")
                .putNull("reason")
                .put("detail", "{\"after\":1}")
                .put("correlationId", "r-1");
    }

    private static ObjectNode second() {
        return entry(2, FIRST, SECOND)
                .put("recordedAt", "2026-11-01T10:00:01.000123Z")
                .put("action", "windows.seal")
                .put("target", "x")
                .put("reason", "because")
                .put("detail", "{}")
                .put("correlationId", "");
    }

    @Test
    void aChainIsWhole() {
        assertThat(chain.end()).isEmpty();
        assertThat(chain.add(first())).isEmpty();
        assertThat(chain.add(second())).isEmpty();
        assertThat(chain.end(2, SECOND)).isEmpty();
        assertThat(chain.lastHash()).isEqualTo(SECOND);
    }

    @ParameterizedTest
    @CsvSource({
        "recordedAt, 2026-11-01T10:00:01.000124Z",
        "recordedAt, yesterday",
        "tenantId, 50000000-0000-4000-8000-00000000000b",
        "tenantId, ''",
        "subject, somebody else",
        "action, 'windows.seal '",
        "target, ''",
        "reason, ''",
        "detail, '{ }'",
        "correlationId, r-2",
        "previousHash, xyz",
        "hash, ''",
    })
    void whateverIsChangedIsNoticed(String field, String value) {
        chain.add(first());
        assertThat(chain.add(second().put(field, value)))
                .contains("Entry 2 was changed: its hash is not that of what it says");
    }

    @Test
    void whatIsNoEntryHasNoHashNotEvenAnEmptyOne() {
        assertThat(chain.add(first().put("recordedAt", "yesterday").put("hash", "")))
                .hasValueSatisfying(problem -> assertThat(problem).startsWith("Entry 1 was changed"));
    }

    @Test
    void whatIsLeftOutIsNotTheSameAsEmpty() {
        chain.add(first());
        assertThat(chain.add(second().putNull("correlationId")))
                .hasValueSatisfying(problem -> assertThat(problem).startsWith("Entry 2 was changed"));
    }

    @Test
    void anEntryThatIsMissingOrInsertedOrTwiceIsNamed() {
        assertThat(chain.add(second())).contains("Entry 1 is missing");
        assertThat(new AuditChain(Map.of()).add(entry(4, OTHER, OTHER))).contains("Entries 1 to 3 are missing");
        chain.add(first());
        assertThat(chain.add(first())).contains("Entry 1 was inserted: it comes after entry 1");
        assertThat(new AuditChain(Map.of()).add(entry(0, OTHER, OTHER)))
                .contains("Entry 0 was inserted: it comes after entry 0");
        assertThat(new AuditChain(Map.of()).add(OperatorClient.object()))
                .hasValueSatisfying(problem -> assertThat(problem).contains("was inserted"));
    }

    @Test
    void anotherEntryThanTheOneBeforeIsNoticed() {
        chain.add(first());
        ObjectNode stranger = second().put("previousHash", OTHER);
        stranger.put("hash", AuditChain.hash(stranger));
        assertThat(chain.add(stranger)).contains("Entry 2 does not follow entry 1: that one was changed, or this one");
    }

    @Test
    void theEndIsComparedWithTheHead() {
        chain.add(first());
        assertThat(chain.end(2, SECOND)).contains("Entry 2 is missing");
        assertThat(chain.end(1, OTHER)).contains("The chain's head has another hash than entry 1");
        assertThat(chain.end(0, AuditChain.START)).contains("Entry 1 was inserted: the chain's head is entry 0");
    }

    @Test
    void headsThatWereKeptShowWhatTheChainItselfCannot() {
        AuditChain anew = new AuditChain(Map.of(1L, FIRST, 2L, OTHER));
        assertThat(anew.add(first())).isEmpty();
        assertThat(anew.end(1, FIRST)).contains("Entry 2 is missing");
        assertThat(anew.add(second()))
                .contains(
                        "Entries 2 to 2 were written anew: entry 2 has another hash than the head that was kept of it");
    }

    @Test
    void headsAreReadFromWhatTheCommandPrintsFromAnAnswerAndFromALog(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("heads");
        for (String text : new String[] {
            "{\"day\":\"2026-11-01\",\"auditId\":12,\"hash\":\"" + FIRST + "\",\"ended\":true}\n",
            "{\"value\" : [ {\n\"auditId\" : 12,\n\"hash\" : \"" + FIRST + "\" } ]}",
            "2026-11-02T00:00:01Z INFO The audit's head of 2026-11-01: 12 " + FIRST + "\nanother line\n",
            "12 " + FIRST,
        }) {
            Files.writeString(file, text);
            assertThat(AuditHeads.read(file)).as(text).isEqualTo(Map.of(12L, FIRST));
        }
        Files.writeString(file, "12 " + FIRST + "\n12 " + SECOND);
        assertThatThrownBy(() -> AuditHeads.read(file)).hasMessageContaining("two hashes for entry 12");
        Files.writeString(file, "nothing");
        assertThatThrownBy(() -> AuditHeads.read(file)).hasMessageContaining("has no heads");
        assertThatThrownBy(() -> AuditHeads.read(directory.resolve("none")))
                .hasMessageContaining("not a readable file");
    }
}
