package io.tallygate.store.window;

import static io.tallygate.store.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.store.Database;
import io.tallygate.store.Partitions;
import io.tallygate.store.testing.StoreWorld;
import io.tallygate.store.testing.TcpProxy;
import io.tallygate.store.usage.ReportedAt;
import io.tallygate.store.usage.UsageRecord;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The rollup is what is sealed, whoever seals it and wherever that ends; and what is read of it. */
class UsageSourceStoreIT {
    /** Where the rollup is not the count of the records that are sealed. */
    static final String WRONG = """
            select source, usage_hour, reported_hour, r.records, h.record_count
            from (
              select source, usage_hour, reported_hour, count(*) as records
              from usage_record
              where reported_hour < (select sealed_through from window_state)
              group by 1, 2, 3) r
            full join usage_source_hour h using (source, usage_hour, reported_hour)
            where r.records is distinct from h.record_count""";

    private final StoreWorld world = new StoreWorld();
    private final UsageSourceStore sources = new UsageSourceStore(world.database);
    private int count;

    @AfterEach
    void close() {
        world.close();
    }

    private Instant hour(int hours) {
        return world.hour.plus(hours, ChronoUnit.HOURS);
    }

    private UsageRecord record(String source, int usageHour) {
        UsageRecord any = world.record("id-" + ++count, "1");
        Instant from = hour(usageHour);
        return new UsageRecord(
                source, any.id(), any.meterId(), any.instance(), any.quantity(), from, from.plusSeconds(60));
    }

    private void report(String source, int usageHour, int records) {
        List<UsageRecord> all = new ArrayList<>();
        for (int i = 0; i < records; i++) {
            all.add(record(source, usageHour));
        }
        assertThat(StoreWorld.names(await(world.records.ingest(all, ReportedAt.NOW))))
                .containsOnly("Accepted");
    }

    private List<String> page(int from, int to, String after, int size) {
        return await(sources.page(hour(from), hour(to), after, size)).sources().stream()
                .map(source -> source.source() + " " + hours(source.firstHour()) + ".." + hours(source.lastHour()) + " "
                        + source.hours().stream()
                                .map(hour -> hours(hour.time()) + "=" + hour.records())
                                .toList())
                .toList();
    }

    private long hours(Instant time) {
        return world.hour.until(time, ChronoUnit.HOURS);
    }

    @Test
    void onlyWhatIsSealedCountsAndLateUsageJoinsItsHour() {
        assertThat(await(sources.page(hour(-1), hour(1), null, 10)))
                .satisfies(page -> assertThat(page.sealedThrough()).isNull())
                .satisfies(page -> assertThat(page.sources()).isEmpty());
        report("a", -2, 3);
        report("a", 0, 1);
        report("c", -1, 1);
        assertThat(page(-5, 5, null, 10)).isEmpty();

        world.seal(hour(1));
        assertThat(page(-5, 5, null, 10)).containsExactly("a -2..0 [-2=3, 0=1]", "c -1..-1 [-1=1]");

        report("a", -2, 2);
        report("b", -4, 1);
        world.seal(hour(2));
        assertThat(page(-5, 5, null, 10)).containsExactly("a -2..0 [-2=5, 0=1]", "b -4..-4 [-4=1]", "c -1..-1 [-1=1]");
        assertThat(page(-2, 0, "a", 10)).containsExactly("b -4..-4 []", "c -1..-1 [-1=1]");
        assertThat(page(-2, 0, null, 2)).containsExactly("a -2..0 [-2=5]", "b -4..-4 []");
        assertThat(page(-2, 0, "c", 2)).isEmpty();
        assertThat(await(sources.page(hour(-1), hour(1), "c", 10)).sealedThrough())
                .isEqualTo(hour(2));
        assertThat(world.postgres.query(WRONG)).isEmpty();
        assertThat(world.postgres.query("select record_count, late_record_count, began_at <= sealed_at"
                        + " from usage_window where record_count > 0 order by reported_hour"))
                .containsExactly("5|3|t", "3|3|t");
    }

    @Test
    void theRollupIsExactWhereSealersRaceAndDie() {
        Random random = new Random(6);
        try (TcpProxy proxy = new TcpProxy(world.vertx, world.postgres)) {
            Database behind = Database.open(world.vertx, world.postgres.config(proxy.port()));
            WindowSealer dying = new WindowSealer(behind, new Partitions());
            for (int window = 1; window <= 12; window++) {
                for (int batch = random.nextInt(4); batch >= 0; batch--) {
                    report("source " + random.nextInt(3), -random.nextInt(5), 1 + random.nextInt(20));
                }
                await(world.windows.closeThrough(hour(window), StoreWorld.OPERATOR));
                switch (random.nextInt(3)) {
                    case 0 -> proxy.loseCommits(1);
                    case 1 -> proxy.cutAfter(random.nextInt(3000));
                    default -> {}
                }
                Future<Boolean> first = dying.sealNext().otherwise(false);
                await(world.sealer.sealNext());
                await(first);
                proxy.heal();
                while (await(world.sealer.sealNext())) {}
                assertThat(world.postgres.query(WRONG)).as("window %d", window).isEmpty();
            }
            await(behind.close());
        }
        assertThat(world.postgres.query("select count(*) = (select sum(record_count) from usage_source_hour),"
                        + " count(*) = (select sum(record_count) from usage_window) from usage_record"))
                .containsExactly("t|t");
    }

    @Test
    void theLastWindowsAreToldLatestFirst() {
        assertThat(await(world.windows.recent(await(world.windows.status()), 48)))
                .isEmpty();
        report("a", -2, 2);
        report("a", -1, 1);
        world.seal(hour(3));
        List<SealedWindow> recent = await(world.windows.recent(await(world.windows.status()), 2));
        assertThat(recent).extracting(SealedWindow::reportedHour).containsExactly(hour(2), hour(1));
        List<SealedWindow> all = await(world.windows.recent(await(world.windows.status()), 48));
        assertThat(all.get(all.size() - 1)).satisfies(window -> {
            assertThat(window.records()).isEqualTo(3);
            assertThat(window.lateRecords()).isEqualTo(2);
            assertThat(window.seconds()).isNotNegative();
        });
    }
}
