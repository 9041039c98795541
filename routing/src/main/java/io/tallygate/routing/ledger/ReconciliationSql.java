package io.tallygate.routing.ledger;

import io.tallygate.routing.ledger.Reconciliation.GroupBy;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The statement that reconciles. Each book is summed by day, subscription, meter and payer on its own; only then are they
 * put side by side. Three equations must hold, in records and in quantity:
 *
 * <ul>
 *   <li>for each day, tenant and meter: accepted = open + aggregated, aggregated = unrouted + mapped + base +
 *       notChargeable + notBilled, and adjusted = 0;
 *   <li>for each day, tenant, meter and payer: mapped + base + adjusted = delivered + pending + held + dead + manual +
 *       waived + netted. The right side is what delivery has of each routed row; a row whose event is missing, or
 *       withdrawn, is in no account;
 *   <li>a netted row and its reversal may lie on different days: by the day of their original they are 0.
 * </ul>
 */
final class ReconciliationSql {
    private static final List<Account> DELIVERY = List.of(
            Account.DELIVERED,
            Account.PENDING,
            Account.HELD,
            Account.DEAD,
            Account.MANUAL,
            Account.WAIVED,
            Account.NETTED);
    private static final String STATEMENT = """
            with state as materialized (
              select coalesce(w.sealed_through, '-infinity') as sealed_through,
                coalesce(r.routed_through, '-infinity') as routed_through,
                exists (select from delivery_hold) as all_held
              from window_state w cross join routing_state r),
            delivery as materialized (
              select date_trunc('day', e.reported_time, 'UTC') as day, e.subscription_id, e.meter_key,
                e.payer_subscription_id as payer,
                case when e.netted then 'netted' when e.event_key is null then 'waiting' else d.state end as state,
                coalesce(d.state = 'dead' and d.reason = 'Expired', false) as expired,
                sum(e.record_count) as records, sum(e.quantity) as quantity
              from event_row e
              left join delivery_event d on d.payer_subscription_id = e.payer_subscription_id
                and d.reported_time = e.event_time and d.event_key = e.event_key and d.reported_time >= $1
              where e.reported_time >= $1 and e.reported_time < $2
              group by 1, 2, 3, 4, 5, 6),
            book as (
              select date_trunc('day', reported_hour, 'UTC') as day, subscription_id, meter_key, null::uuid as payer,
                'accepted' as account, count(*) as records, sum(quantity) as quantity
              from usage_record
              where reported_hour >= $1 and reported_hour < $2
              group by 1, 2, 3
              union all
              select date_trunc('day', reported_hour, 'UTC'), subscription_id, meter_key, null, 'open', count(*),
                sum(quantity)
              from usage_record
              where reported_hour >= $1 and reported_hour < $2 and reported_hour >= (select sealed_through from state)
              group by 1, 2, 3
              union all
              select date_trunc('day', reported_time, 'UTC'), subscription_id, meter_key, null, 'aggregated',
                sum(record_count), sum(quantity)
              from usage_hourly
              where reported_time >= $1 and reported_time < $2
              group by 1, 2, 3
              union all
              select date_trunc('day', reported_time, 'UTC'), subscription_id, meter_key, null, 'unrouted',
                sum(record_count), sum(quantity)
              from usage_hourly
              where reported_time >= $1 and reported_time < $2 and reported_time >= (select routed_through from state)
              group by 1, 2, 3
              union all
              select date_trunc('day', reported_time, 'UTC'), subscription_id, meter_key, payer_subscription_id,
                case when kind <> 'original' then 'adjusted' when fallback then 'base' else 'mapped' end,
                sum(record_count), sum(quantity)
              from routed_usage
              where reported_time >= $1 and reported_time < $2
              group by 1, 2, 3, 4, 5
              union all
              select date_trunc('day', reported_time, 'UTC'), subscription_id, meter_key, null, reason,
                sum(record_count), sum(quantity)
              from routed_exclusion
              where reported_time >= greatest($1, (select floor from retention_state)) and reported_time < $2
              group by 1, 2, 3, 5
              union all
              select day, subscription_id, meter_key, payer,
                case
                  when state in ('waiting', 'pending') then case when all_held or h.payer_subscription_id is not null
                    then 'held' else 'pending' end
                  else state
                end,
                records, quantity
              from delivery cross join state left join payer_hold h on h.payer_subscription_id = payer
              union all
              select day, subscription_id, meter_key, payer, 'expired', records, quantity from delivery where expired
              union all
              select date_trunc('day', coalesce(u.origin_time, u.reported_time), 'UTC'), e.subscription_id, e.meter_key,
                e.payer_subscription_id, 'unpaired', sum(e.record_count), sum(e.quantity)
              from event_row e join routed_usage u using (subscription_id, reported_time, seq)
              where e.netted and e.reported_time >= $1 and u.reported_time >= $1
                and coalesce(u.origin_time, u.reported_time) >= $1 and coalesce(u.origin_time, u.reported_time) < $2
              group by 1, 2, 3, 4),
            posted as (
              select day, tenant_id, meter_key, payer, account, records, quantity
              from book join subscription using (subscription_id)
              union all
              select day, tenant_id, null, payer_subscription_id, account, record_count, quantity
              from dropped_day
              where day >= $1 and day < $2),
            finest as (
              select day, tenant_id, meter_key, payer, ${columns},
                coalesce(sum(records) filter (where account = 'unpaired'), 0) as "unpaired.count",
                coalesce(sum(quantity) filter (where account = 'unpaired'), 0) as "unpaired.quantity"
              from posted
              group by day, tenant_id, meter_key, payer),
            checked as (
              select *, ${balanced.count} and ${balanced.quantity} as balanced
              from finest
              window cell as (partition by day, tenant_id, meter_key))
            select ${groups}, ${kept}, ${isTotal} as is_total, coalesce(bool_and(balanced), true) as balanced, ${sums},
              (select count(*) from quarantined_record) as quarantined,
              (select count(*) from conflicting_record) as conflicts
            from checked left join meter using (meter_key)
            group by grouping sets (${sets})
            order by is_total desc, day, tenant_id, meter_id, payer nulls first""";

    private ReconciliationSql() {}

    /**
     * For a row per group, after one for the totals. What is kept of dropped days is not by meter: grouped by it the range
     * must be kept. Nothing of a caller gets into the text: the groups are an enum.
     */
    static String statement(Set<GroupBy> groupBy) {
        List<String> columns =
                groupBy.stream().sorted().map(ReconciliationSql::column).toList();
        String grouped = String.join(", ", columns);
        return STATEMENT
                .replace("${columns}", perAccount("""
                        coalesce(sum(records) filter (where account = '%1$s'), 0) as "%1$s.count",
                        coalesce(sum(quantity) filter (where account = '%1$s'), 0) as "%1$s.quantity\""""))
                .replace("${balanced.count}", balanced("count"))
                .replace("${balanced.quantity}", balanced("quantity"))
                .replace("${sums}", perAccount("""
                        coalesce(sum("%1$s.count"), 0)::bigint as "%1$s.count",
                        coalesce(sum("%1$s.quantity"), 0) as "%1$s.quantity\""""))
                .replace(
                        "${groups}",
                        Arrays.stream(GroupBy.values())
                                .map(group -> groupBy.contains(group) ? column(group) : none(group))
                                .collect(Collectors.joining(", ")))
                .replace("${kept}", groupBy.contains(GroupBy.METER) ? "require_kept($1)" : "true")
                .replace("${isTotal}", columns.isEmpty() ? "true" : "grouping(" + grouped + ") > 0")
                .replace("${sets}", columns.isEmpty() ? "()" : "(" + grouped + "), ()");
    }

    // In a cell, which is all payers of a day, tenant and meter, the books before delivery agree; then each payer's.
    private static String balanced(String what) {
        String delivery = DELIVERY.stream()
                .map(account -> "\"" + account.wireName() + ".%1$s\"")
                .collect(Collectors.joining(" + "));
        return """
                sum("accepted.%1$s" - "open.%1$s" - "aggregated.%1$s") over cell = 0
                and sum("aggregated.%1$s" - "unrouted.%1$s" - "mapped.%1$s" - "base.%1$s" - "notChargeable.%1$s"
                  - "notBilled.%1$s") over cell = 0
                and sum("adjusted.%1$s") over cell = 0
                and "mapped.%1$s" + "base.%1$s" + "adjusted.%1$s" = ${delivery}
                and "unpaired.%1$s" = 0""".replace("${delivery}", delivery).formatted(what);
    }

    private static String perAccount(String columns) {
        return Arrays.stream(Account.values())
                .map(account -> columns.formatted(account.wireName()))
                .collect(Collectors.joining(",\n"));
    }

    private static String column(GroupBy group) {
        return switch (group) {
            case DAY -> "day";
            case TENANT -> "tenant_id";
            case METER -> "meter_id";
            case PAYER -> "payer";
        };
    }

    private static String none(GroupBy group) {
        String type = switch (group) {
            case DAY -> "timestamptz";
            case METER -> "text";
            case TENANT, PAYER -> "uuid";
        };
        return "null::" + type + " as " + column(group);
    }
}
