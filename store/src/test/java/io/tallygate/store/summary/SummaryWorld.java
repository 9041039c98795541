package io.tallygate.store.summary;

import static io.tallygate.store.testing.Await.await;

import io.tallygate.store.SealedReads;
import io.tallygate.store.Viewer;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import io.tallygate.store.testing.StoreWorld;
import io.tallygate.store.testing.TestPostgres;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Usage of seven subscriptions over six days of two months, some of it reported days late, sealed to the middle of the last
 * day; the rest of its records is open.
 */
final class SummaryWorld implements AutoCloseable {
    static final Instant START = Instant.parse("2026-02-26T00:00:00Z");
    static final Instant SEALED = Instant.parse("2026-03-03T13:00:00Z");
    static final Instant END = Instant.parse("2026-03-04T00:00:00Z");

    // name, tenant, provider
    static final List<List<String>> DIRECTORY = List.of(
            List.of("default", "operator", "default"),
            List.of("a1", "A", "default"),
            List.of("a2", "A", "default"),
            List.of("b", "B", "default"),
            List.of("p", "P", "default"),
            List.of("d1", "D", "p"),
            List.of("d2", "A", "p"));

    final StoreWorld world;
    final SummaryStore summaries;

    SummaryWorld(TestPostgres postgres) {
        world = new StoreWorld(postgres, postgres.config());
        summaries = new SummaryStore(SealedReads.of(world.database));
    }

    /** Writes the directory and the records. */
    void fill() {
        world.postgres.execute(
                "delete from subscription; select ensure_partitions('2026-02-01Z'), ensure_partitions('2026-03-01Z')");
        for (List<String> line : DIRECTORY) {
            world.postgres.execute("""
                    insert into subscription (subscription_id, tenant_id, display_name, owner, state,
                      provider_subscription_id)
                    values ('%1$s', '%2$s', 'Display of %4$s', '', 'Enabled', '%3$s')
                    """.formatted(id(line.get(0)), id(line.get(1)), id(line.get(2)), line.get(0)));
        }
        // Nine instances each: of six resources in two groups, one of them written in two ways, one in no group.
        world.postgres.execute("""
                insert into instance (subscription_id, digest, resource_uri, location, tags, instance_data)
                select subscription_id, sha256(convert_to(subscription_id::text || n, 'UTF8')),
                  case when n = 8 then '/no-group/' || subscription_id
                    when n = 7 then '/SUBSCRIPTIONS/' || upper(subscription_id::text) || '/RESOURCEGROUPS/RG-1/providers/X/vm/vm-1'
                    else '/subscriptions/' || subscription_id || '/resourceGroups/rg-' || n % 2 || '/providers/X/vm/vm-' || n % 5
                  end,
                  case when n % 3 = 0 then 'local' else 'Region ' || n % 3 end,
                  case n % 4 when 0 then null when 1 then '{"Department":"upper","department":"finance"}'
                    when 2 then '{"department":"r\\u00e9search \\"x\\""}' else '{"other":"x"}' end,
                  '""'
                from subscription, generate_series(0, 8) n
                order by subscription_id, n;
                insert into usage_record (reported_hour, subscription_id, meter_key, instance_id, usage_hour, usage_start,
                  usage_end, quantity, reported_at, source, record_id)
                select reported, subscription_id, 1 + n % 3, instance_id, used, used, used, (n * 7919 % 1009 - 300) * 0.000000000000001 + n % 13 + instance_id * 0.00001,
                  reported, 'test', row_number() over ()
                from (
                  select subscription_id, instance_id, n, used,
                    -- Every seventh is late by up to three days; none is reported after the end.
                    least(used + case when n % 7 = 0 then n % 73 else n % 2 end * interval '1 hour', 'END'::timestamptz - interval '1 hour')
                      as reported
                  from (
                    select i.subscription_id, i.instance_id, n,
                      'START'::timestamptz + (n * 31 + i.instance_id * 5) % 144 * interval '1 hour' as used
                    from instance i, generate_series(1, 120) n
                    where (n + i.instance_id) % 4 <> 0) u) r;
                analyze""".replace("START", START.toString()).replace("END", END.toString()));
    }

    /** Fills it and seals as far as is sealed. */
    static SummaryWorld sealed() {
        SummaryWorld world = new SummaryWorld(TestPostgres.fresh());
        world.fill();
        world.world.seal(SEALED);
        return world;
    }

    static UUID id(String name) {
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    }

    static SubscriptionId subscription(String name) {
        return new SubscriptionId(id(name));
    }

    static TenantId tenant(String name) {
        return new TenantId(id(name));
    }

    /** The operator's query of everything by day and meter, to be changed. */
    static SummaryQuery query() {
        return new SummaryQuery(
                Viewer.operator(),
                SummaryScope.everyone(),
                START,
                END,
                SummaryGranularity.DAILY,
                Grouping.by(Grouping.Kind.METER),
                SummaryFilter.NONE,
                100,
                false);
    }

    Summary read(SummaryQuery query) {
        return await(summaries.summarise(query));
    }

    /** A summary as lines: key, meter's id, time, quantity, what is open of it or null; and the totals of groups. */
    static List<String> lines(Summary summary) {
        List<String> lines = new ArrayList<>();
        for (Summary.Series series : summary.series()) {
            String group = series.key() + "|" + series.meter().id() + "|";
            lines.add(group + "total|" + series.total() + "|" + series.records());
            series.points()
                    .forEach(point -> lines.add(
                            group + point.time().getEpochSecond() + "|" + point.quantity() + "|" + point.open()));
        }
        return lines;
    }

    @Override
    public void close() {
        world.close();
    }
}
