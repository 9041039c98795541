package io.tallygate.deploy.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.deploy.testing.BulkUsage;
import io.tallygate.deploy.testing.StreamCaller;
import io.tallygate.deploy.testing.StreamCaller.Reading;
import io.tallygate.deploy.testing.TestGateway;
import io.tallygate.gateway.auth.Role;
import io.tallygate.gateway.export.StreamConfig;
import io.tallygate.store.testing.Await;
import io.tallygate.store.testing.TestPostgres;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;

/** What a stream of many rows keeps on the heap of gateway and reader, which are one process here. */
final class StreamMemory {
    private static final int POINTS = 10;
    private static final long MEBIBYTE = 1 << 20;
    // Far more than what is under way between gateway and reader, and far less than a tenth of what is sent.
    private static final long ALLOWED = 24 * MEBIBYTE;

    private StreamMemory() {}

    /** Streams all rows of so many instances in so many hours, and looks at the heap on the way. */
    static void staysFlat(int instances, int hours) {
        TestPostgres postgres = TestPostgres.fresh();
        BulkUsage usage = new BulkUsage(postgres, instances, hours);
        try (TestGateway gateway = TestGateway.streaming(postgres, postgres.config(), StreamConfig.DEFAULT);
                StreamCaller caller = StreamCaller.of(gateway, usage.tenant, Role.USAGE_READ)) {
            String path = usage.path("Hourly", "&$format=ndjson");
            // Each instance once: from then on all of them are in memory.
            String one = usage.path("Hourly", BulkUsage.START, BulkUsage.START.plusSeconds(3600), "&$format=ndjson");
            long size = caller.get(one).body().length() * (long) hours;
            assertThat(size / POINTS).isGreaterThan(ALLOWED);
            List<Long> used = new ArrayList<>();
            Reading stream = caller.open(path);
            for (int i = 0; i < POINTS; i++) {
                long point = i * size / POINTS;
                stream.resume();
                Awaitility.await().atMost(java.time.Duration.ofMinutes(5)).until(() -> stream.bytes() >= point);
                stream.pause();
                used.add(usedAfterCollection());
            }
            stream.resume();
            Await.await(stream.end());
            assertThat(stream.trailer("x-row-count")).isEqualTo(Long.toString(usage.rows()));
            assertThat(stream.trailer("x-content-sha256")).isEqualTo(stream.sha256());
            long first = used.get(0);
            assertThat(used).allSatisfy(later -> assertThat(later - first).isLessThan(ALLOWED));
        }
    }

    private static long usedAfterCollection() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
