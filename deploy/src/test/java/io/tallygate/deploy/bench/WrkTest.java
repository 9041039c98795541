package io.tallygate.deploy.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What wrk 4.1 of Debian 12 prints. */
class WrkTest {
    private static final String GOOD = """
            Running 1s test @ http://127.0.0.1:9987/META-INF/MANIFEST.MF
              2 threads and 8 connections
              Thread Stats   Avg      Stdev     Max   +/- Stdev
                Latency     4.13ms    2.50ms  19.30ms   81.64%
                Req/Sec   743.14    268.73     1.21k    57.14%
              Latency Distribution
                 50%    3.11ms
                 75%    5.18ms
                 90%    7.57ms
                 99%   12.63ms
              1552 requests in 1.10s, 341.21KB read
            Requests/sec:   1410.96
            Transfer/sec:    310.20KB
            """;

    @Test
    void readsRateMeanAndP99() throws IOException {
        assertThat(Wrk.parse(GOOD).values()).isEqualTo(Map.of("rate", 1410.96, "mean", 4.13, "p99", 12.63));
    }

    @Test
    void readsItsOtherUnits() throws IOException {
        String slow = GOOD.replace("4.13ms", "904.00us").replace("12.63ms", "1.25s");
        assertThat(Wrk.parse(slow).values()).containsEntry("mean", 0.904).containsEntry("p99", 1250.0);
    }

    @Test
    void refusedRequestsAreNoThroughput() {
        String refused = GOOD.replace("Requests/sec", "  Non-2xx or 3xx responses: 1151\nRequests/sec");
        assertThatThrownBy(() -> Wrk.parse(refused))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("1151");
        String lost =
                GOOD.replace("Requests/sec", "  Socket errors: connect 0, read 3, write 0, timeout 0\nRequests/sec");
        assertThatThrownBy(() -> Wrk.parse(lost))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("read 3");
    }

    @Test
    void whatCannotBeReadIsShown() {
        assertThatThrownBy(() -> Wrk.parse("unable to connect to 127.0.0.1:9986 Connection refused"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("unable to connect");
    }
}
