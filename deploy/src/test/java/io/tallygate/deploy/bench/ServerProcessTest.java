package io.tallygate.deploy.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class ServerProcessTest {
    /** Of JDK 17. */
    private static final String HEAP_INFO = """
            7366:
             garbage-first heap   total 262144K, used 6026K [0x00000000f0000000, 0x0000000100000000)
              region size 1024K, 4 young (4096K), 2 survivors (2048K)
             Metaspace       used 8926K, committed 9088K, reserved 1114112K
              class space    used 1062K, committed 1152K, reserved 1048576K
            """;

    @Test
    void theHeapIsTheFirstThatIsUsed() throws IOException {
        assertThat(ServerProcess.usedMb(HEAP_INFO)).isEqualTo(5.885, within(0.001));
        assertThatThrownBy(() -> ServerProcess.usedMb("7366:\n")).isInstanceOf(IOException.class);
    }
}
