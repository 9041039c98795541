package io.tallygate.deploy.bench;

import io.tallygate.store.directory.SubscriptionId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;

/**
 * The data of one page of daily rows as a statement for pgbench: cut by key, then joined. It stands on its own and is not
 * the gateway's: a floor must not move with what stands on it.
 *
 * @param values of its {@code :name}s
 */
record PageQuery(String sql, Map<String, String> values) {
    /** Rows of a page. */
    static final int ROWS = 1000;

    // One row more than a page, for whoever pages has to know whether there is another. Instances are looked up one by
    // one,
    // which "offset 0" sees to: Postgres would rather read all of them for each page.
    private static final String SELECT = """
            select a.reported_time, a.seq, a.subscription_id, a.usage_time, a.quantity, m.meter_id, m.name, m.unit,
              i.digest, i.instance_data
            from (
              select * from usage_daily a
              where a.reported_time >= :after::timestamptz and a.reported_time < :until::timestamptz
                and (a.reported_time, a.seq) > (:after::timestamptz, :seq::integer) %s
              order by a.reported_time, a.seq
              limit 1001) a
            cross join lateral (
              select digest, instance_data from instance i
              where i.subscription_id = a.subscription_id and i.instance_id = a.instance_id
              offset 0) i
            join meter m using (meter_key)
            order by a.reported_time, a.seq""";

    private static final String OF_PROVIDER = """
            select a.reported_time, a.seq, a.subscription_id, a.usage_time, a.quantity, m.meter_id, m.name, m.unit,
              i.digest, i.instance_data
            from (
              select own.*
              from subscription s
              cross join lateral (
                select * from usage_daily a
                where a.subscription_id = s.subscription_id and a.reported_time >= :after::timestamptz
                  and a.reported_time < :until::timestamptz
                  and (a.reported_time, a.seq) > (:after::timestamptz, :seq::integer)
                order by a.reported_time, a.seq
                limit 1001) own
              where s.provider_subscription_id = :id::uuid
              order by own.reported_time, own.seq
              limit 1001) a
            cross join lateral (
              select digest, instance_data from instance i
              where i.subscription_id = a.subscription_id and i.instance_id = a.instance_id
              offset 0) i
            join meter m using (meter_key)
            order by a.reported_time, a.seq""";

    /** Everyone's page of this number, from 1. */
    static PageQuery everyone(World world, long page) {
        long before = (page - 1) * ROWS;
        Instant day = before == 0 ? world.start() : world.start().plus((before - 1) / world.slots(), ChronoUnit.DAYS);
        long seq = before == 0 ? 0 : (before - 1) % world.slots() + 1;
        return new PageQuery(SELECT.formatted(""), values(world, day, seq));
    }

    /** The first page of one subscription. */
    static PageQuery of(World world, SubscriptionId subscription) {
        return first(world, subscription, "and a.subscription_id = :id::uuid");
    }

    /**
     * The first page of a provider's direct subscriptions. Those of a small one are read each by itself: Postgres would read
     * everyone's rows until it has a page. That is right for a large one, whose rows lie close.
     */
    static PageQuery ofProvider(World world, SubscriptionId provider, boolean large) {
        if (large) {
            return first(
                    world,
                    provider,
                    "and a.subscription_id in (select subscription_id from subscription where provider_subscription_id = :id::uuid)");
        }
        Map<String, String> values = values(world, world.start(), 0);
        values.put("id", provider.toString());
        return new PageQuery(OF_PROVIDER, values);
    }

    private static PageQuery first(World world, SubscriptionId id, String condition) {
        Map<String, String> values = values(world, world.start(), 0);
        values.put("id", id.toString());
        return new PageQuery(SELECT.formatted(condition), values);
    }

    private static Map<String, String> values(World world, Instant after, long seq) {
        Map<String, String> values = new HashMap<>();
        values.put("after", after.toString());
        values.put("until", world.end().toString());
        values.put("seq", Long.toString(seq));
        return values;
    }
}
