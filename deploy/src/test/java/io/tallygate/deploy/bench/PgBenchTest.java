package io.tallygate.deploy.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What pgbench 15 prints. */
class PgBenchTest {
    private static final String GOOD = """
            pgbench (15.18 (Debian 15.18-0+deb12u1))
            transaction type: a.sql
            scaling factor: 1
            query mode: prepared
            number of clients: 8
            number of threads: 2
            maximum number of tries: 1
            duration: 1 s
            number of transactions actually processed: 91978
            number of failed transactions: 0 (0.000%)
            latency average = 0.086 ms
            initial connection time = 18.535 ms
            tps = 93458.570677 (without initial connection time)
            """;

    @Test
    void readsRateAndMean() throws IOException {
        assertThat(PgBench.parse(GOOD).values()).isEqualTo(Map.of("rate", 93458.570677, "mean", 0.086));
    }

    @Test
    void failedTransactionsAreNoThroughput() {
        String failed = GOOD.replace("transactions: 0 (0.000%)", "transactions: 12 (0.013%)");
        assertThatThrownBy(() -> PgBench.parse(failed))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("12 (");
    }

    @Test
    void whatCannotBeReadIsShown() {
        assertThatThrownBy(() -> PgBench.parse("no such thing"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no such thing");
    }
}
