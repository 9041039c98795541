package io.tallygate.store.summary;

import static io.tallygate.store.summary.SummaryWorld.END;
import static io.tallygate.store.summary.SummaryWorld.SEALED;
import static io.tallygate.store.summary.SummaryWorld.START;
import static io.tallygate.store.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallygate.store.MigrationsTo;
import io.tallygate.store.Partitions;
import io.tallygate.store.testing.StoreWorld;
import io.tallygate.store.testing.TestPostgres;
import io.tallygate.store.window.WindowSealer;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What sealing keeps up for summaries is exactly the sum of what is sealed, whatever happens meanwhile. */
class SummarySealingIT {
    private static final List<String> WRITTEN =
            List.of("usage_hourly", "usage_daily", "usage_by_day", "usage_report_day", "usage_window", "window_state");

    /** Nothing is in the sums but what is sealed, all of it, and its windows are found. */
    private static void exact(TestPostgres postgres) {
        assertThat(postgres.query("""
                        select * from usage_by_day d
                        full join (
                          select subscription_id, date_trunc('day', usage_hour, 'UTC') as usage_day, meter_key,
                            sum(quantity) as quantity, count(*) as record_count
                          from usage_record where reported_hour < (select sealed_through from window_state)
                          group by 1, 2, 3) r using (subscription_id, usage_day, meter_key)
                        where d.quantity is distinct from r.quantity or d.record_count is distinct from r.record_count""")).isEmpty();
        String reported = """
                select distinct subscription_id, date_trunc('day', usage_hour, 'UTC'), date_trunc('day', reported_hour, 'UTC')
                from usage_record where reported_hour < (select sealed_through from window_state)""";
        assertThat(postgres.query("(table usage_report_day except " + reported + ") union all (" + reported
                        + " except table usage_report_day)"))
                .isEmpty();
    }

    private static long sealedHours(TestPostgres postgres) {
        return Long.parseLong(
                postgres.query("select count(*) from usage_window").get(0));
    }

    @Test
    void everyHourIsAddedOnceByTwoSealersAtOnce() {
        try (SummaryWorld summaries = new SummaryWorld(TestPostgres.fresh())) {
            summaries.fill();
            StoreWorld world = summaries.world;
            WindowSealer other = new WindowSealer(world.database, new Partitions());
            await(world.windows.closeThrough(END, StoreWorld.OPERATOR));
            boolean more = true;
            while (more) {
                List<Future<Boolean>> racing = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    racing.add(i % 2 == 0 ? world.sealer.sealNext() : other.sealNext());
                }
                more = false;
                for (Future<Boolean> one : racing) {
                    more |= await(one);
                }
                exact(world.postgres);
            }
            assertThat(world.postgres.query("select sealed_through = '" + END + "' from window_state"))
                    .containsExactly("t");
            assertThat(world.postgres.query("select sum(record_count) from usage_by_day"))
                    .isEqualTo(world.postgres.query("select count(*) from usage_record"));
            assertThat(world.postgres.query("select max(summary_count) > 1 from usage_window"))
                    .containsExactly("t");
        }
    }

    @Test
    void whatFailsBetweenAnyTwoStatementsAddsNothing() {
        try (SummaryWorld summaries = new SummaryWorld(TestPostgres.fresh())) {
            summaries.fill();
            StoreWorld world = summaries.world;
            // The last hour of a day: all tables are written.
            Instant midnight = Instant.parse("2026-03-01T00:00:00Z");
            world.seal(midnight.minusSeconds(3600));
            await(world.windows.closeThrough(midnight, StoreWorld.OPERATOR));
            long before = sealedHours(world.postgres);
            for (String table : WRITTEN) {
                world.postgres.execute("""
                        create function fail() returns trigger language plpgsql as $$ begin raise 'crash'; end $$;
                        create trigger fail after insert or update on %s for each statement execute function fail()""".formatted(table));
                assertThatThrownBy(() -> await(world.sealer.sealNext()))
                        .as(table)
                        .isInstanceOf(PgException.class);
                assertThat(sealedHours(world.postgres)).isEqualTo(before);
                exact(world.postgres);
                world.postgres.execute("drop function fail cascade");
            }
            assertThat(await(world.sealer.sealNext())).isTrue();
            assertThat(sealedHours(world.postgres)).isEqualTo(before + 1);
            exact(world.postgres);
        }
    }

    @Test
    void whatWasSealedBeforeThereWereSummariesIsInThem() throws SQLException {
        TestPostgres postgres = TestPostgres.unmigrated();
        MigrationsTo.version(postgres, "9");
        try (SummaryWorld summaries = new SummaryWorld(postgres)) {
            summaries.fill();
            sealAsBefore(postgres);
            MigrationsTo.latest(postgres);
            exact(postgres);
            assertThat(postgres.query("select sum(record_count) > 400 from usage_by_day"))
                    .containsExactly("t");
            summaries.world.seal(END);
            exact(postgres);
        }
    }

    // What sealing wrote before: as it would have been after SEALED.
    private static void sealAsBefore(TestPostgres postgres) {
        postgres.execute("""
                insert into usage_hourly
                select reported_hour, row_number() over (partition by reported_hour
                    order by subscription_id, meter_key, instance_id, usage_hour),
                  subscription_id, meter_key, instance_id, usage_hour, sum(quantity), count(*)
                from usage_record where reported_hour < 'SEALED'
                group by reported_hour, subscription_id, meter_key, instance_id, usage_hour;
                insert into usage_daily
                select day, row_number() over (partition by day order by subscription_id, meter_key, instance_id, usage_day),
                  subscription_id, meter_key, instance_id, usage_day, sum(quantity), sum(record_count)
                from (select date_trunc('day', reported_time, 'UTC') as day, date_trunc('day', usage_time, 'UTC') as usage_day, *
                  from usage_hourly where reported_time < date_trunc('day', timestamptz 'SEALED', 'UTC')) h
                group by day, subscription_id, meter_key, instance_id, usage_day;
                insert into usage_window (reported_hour, record_count, aggregate_count)
                select hour, 0, 0 from generate_series(timestamptz 'START', timestamptz 'SEALED' - interval '1 hour', interval '1 hour') hour;
                update window_state set first_hour = 'START', sealed_through = 'SEALED', closed_through = 'SEALED'""".replace("SEALED", SEALED.toString()).replace("START", START.toString()));
    }

    @Test
    void aGatewayFromBeforeThereWereSummariesSealsNoMore() {
        TestPostgres postgres = TestPostgres.fresh();
        assertThatThrownBy(
                        () -> postgres.execute("insert into usage_window (reported_hour, record_count, aggregate_count)"
                                + " values ('2026-03-01Z', 0, 0)"))
                .hasMessageContaining("summary_count");
    }
}
