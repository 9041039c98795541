package io.tallygate.store.window;

import static io.tallygate.store.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.store.Partitions;
import io.tallygate.store.testing.StoreWorld;
import io.tallygate.store.usage.ReportedAt;
import io.tallygate.store.usage.UsageRecord;
import io.vertx.core.Future;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SealingRaceIT {
    private static final int SENDERS = 4;
    private static final int WINDOWS = 20;

    private final AtomicInteger sent = new AtomicInteger();
    private volatile boolean stopped;

    @Test
    void noRecordLandsInAWindowThatIsClosedMeanwhile() {
        try (StoreWorld world = new StoreWorld()) {
            List<Future<Void>> senders = IntStream.range(0, SENDERS)
                    .mapToObj(sender -> send(world, sender, 0))
                    .toList();
            WindowSealer other = new WindowSealer(world.database, new Partitions());
            for (int window = 1; window <= WINDOWS; window++) {
                int before = sent.get();
                org.awaitility.Awaitility.await().until(() -> sent.get() > before);
                await(world.windows.closeThrough(world.hour.plus(window, ChronoUnit.HOURS), StoreWorld.OPERATOR));
                Future<Boolean> racing = other.sealNext();
                await(world.sealer.sealNext());
                await(racing);
            }
            stopped = true;
            senders.forEach(sender -> await(sender));
            world.seal(world.hour.plus(WINDOWS + 1L, ChronoUnit.HOURS));

            assertThat(world.postgres.query("select w.reported_hour from usage_window w where w.record_count <>"
                            + " (select count(*) from usage_record r where r.reported_hour = w.reported_hour)"))
                    .isEmpty();
            assertThat(world.postgres.query("select sum(record_count) from usage_window"))
                    .containsExactly(Integer.toString(sent.get()));
            assertThat(world.postgres.query("select sum(record_count) from usage_hourly"))
                    .containsExactly(Integer.toString(sent.get()));
            assertThat(world.postgres.query("select sum(record_count) from usage_source_hour"))
                    .containsExactly(Integer.toString(sent.get()));
            assertThat(world.postgres.query(UsageSourceStoreIT.WRONG)).isEmpty();
            assertThat(Integer.parseInt(world.postgres
                            .query("select count(*) from usage_window where record_count > 0")
                            .get(0)))
                    .as("windows with records")
                    .isGreaterThan(WINDOWS / 2);
        }
    }

    private Future<Void> send(StoreWorld world, int sender, int batch) {
        if (stopped) {
            return Future.succeededFuture();
        }
        List<UsageRecord> records = IntStream.range(0, 3)
                .mapToObj(i -> world.record(sender + "-" + batch + "-" + i, "1"))
                .toList();
        return world.records.ingest(records, ReportedAt.NOW).compose(outcomes -> {
            sent.addAndGet(outcomes.size());
            return send(world, sender, batch + 1);
        });
    }
}
