package io.tallygate.store.summary;

import io.tallygate.store.Rows;
import io.vertx.sqlclient.Tuple;

/**
 * The statement of a summary: one, so that all of it is of one moment. It sums what is sealed from {@code usage_by_day}, or
 * where that does not say enough from the aggregates of the windows in which the time's usage was reported; and what is not
 * sealed from the records.
 */
final class SummarySql {
    // The name of a group is that of its first instance: names of resources differ in case.
    private static final String NAME = """
            (
                    select instance_id,
                      first_value(name) over (partition by lower(name) order by instance_id) as name
                    from (
                      select instance_id, coalesce(%s, '') as name from instance where subscription_id = s.subscription_id%s) i) n""";
    private static final String NAME_WITH_CASE = """
            (
                    select instance_id, coalesce(%s, '') as name from instance where subscription_id = s.subscription_id%s) n""";
    // Read twice: for the groups of which there is most, and for their points. That costs half of what it takes to sum
    // all
    // points of all groups first.
    private static final String BY_DAY = """
            ,
            used as not materialized (
              select a.subscription_id, a.meter_key, %s as time, a.quantity, a.record_count, null::numeric as open
              from usage_by_day a%s
              where a.usage_day >= $1 and a.usage_day < $2%s""";
    private static final String OPEN_BY_DAY = """

              union all
              select a.subscription_id, a.meter_key, %s, a.quantity, 0, a.quantity
              from usage_record a%s
              where a.reported_hour >= coalesce((select sealed_through()), '-infinity')
                and a.usage_hour >= $1 and a.usage_hour < $2%s""";
    private static final String KEPT_BY_DAY = """
            ),
            part as materialized (
              select subscription_id, meter_key, sum(quantity) as quantity from used group by subscription_id, meter_key),
            ranked as materialized (
              select %1$s as key, p.meter_key,
                row_number() over (partition by p.meter_key order by abs(sum(p.quantity)) desc, %1$s) as place
              from part p
              join scope s using (subscription_id)
              group by 1, 2),
            slot as materialized (
              select p.subscription_id, p.meter_key, least(r.place, $3 + 1) as place
              from part p
              join scope s using (subscription_id)
              join ranked r on r.key = %1$s and r.meter_key = p.meter_key),
            kept as materialized (
              select place, meter_key, u.time, sum(u.quantity) - coalesce(sum(u.open), 0) as quantity,
                sum(u.record_count) as record_count, sum(u.open) as open
              from used u
              join slot using (subscription_id, meter_key)
              group by 1, 2, 3)""";
    // Subscription by subscription, so that what is sorted or hashed is that of one: of each the windows in which there
    // is
    // something, by the key of the aggregates.
    private static final String FROM_AGGREGATES = """

              select a.key, a.meter_key, a.time, a.quantity, a.record_count, null::numeric as open
              from scope s
              cross join lateral (
                select %1$s as key, a.meter_key, %2$s as time, sum(a.quantity) as quantity, sum(a.record_count) as record_count
                from (
                  select distinct reported_day
                  from usage_report_day
                  where subscription_id = s.subscription_id and usage_day >= date_trunc('day', $1::timestamptz, 'UTC')
                    and usage_day < $2) d
                cross join lateral (
                  select * from %3$s a
                  where a.subscription_id = s.subscription_id and %4$s
                    and a.usage_time >= $1 and a.usage_time < $2%5$s
                  offset 0) a%6$s
                where %7$s
                group by 1, 2, 3) a""";
    private static final String OF_DAY = "a.reported_time = d.reported_day";
    private static final String WITHIN_DAY =
            "a.reported_time >= d.reported_day and a.reported_time < d.reported_day + interval '24 hours'";
    private static final String DAY_IS_SEALED =
            "(d.reported_day < date_trunc('day', (select sealed_through()), 'UTC'))";
    private static final String OPEN = """

              union all
              select %s, a.meter_key, %s, 0, 0, a.quantity
              from usage_record a
              join scope s using (subscription_id)%s
              where a.reported_hour >= coalesce((select sealed_through()), '-infinity')
                and a.usage_hour >= $1 and a.usage_hour < $2%s""";
    private static final String NAMED = """
            ,
            named as materialized (select s.subscription_id, n.instance_id, n.name from scope s cross join lateral %s)""";
    private static final String JOIN_NAMED =
            " join named n on n.subscription_id = a.subscription_id and n.instance_id = a.instance_id";
    private static final String KEPT = """
            ),
            point as materialized (
              select key, meter_key, time, sum(quantity) as quantity, sum(record_count) as record_count, sum(open) as open
              from used
              group by key, meter_key, time),
            ranked as materialized (
              select key, meter_key,
                row_number() over (
                  partition by meter_key
                  order by abs(sum(quantity) + coalesce(sum(open), 0)) desc, key) as place
              from point
              group by key, meter_key),
            kept as materialized (
              select least(r.place, $3 + 1) as place, meter_key, p.time, sum(p.quantity) as quantity,
                sum(p.record_count) as record_count, sum(p.open) as open
              from point p
              join ranked r using (key, meter_key)
              group by 1, 2, 3)""";
    private static final String SERIES = """
            ,
            series as (
              select place, meter_key, sum(quantity) as total, sum(record_count)::bigint as record_count,
                (select count(*) from kept) <= $4 as complete, array_agg(date_part('epoch', time)::bigint order by time) as times,
                array_agg(trim_scale(quantity)::text order by time) as quantities,
                array_agg(trim_scale(open)::text order by time) as opens
              from kept
              group by place, meter_key)
            select date_part('epoch', case when require_usage_kept($1) then sealed_through() end)::bigint,
              date_part('epoch', first_hour())::bigint,
              coalesce(r.key::text, ''), %s, s.place > $3, s.meter_key, trim_scale(s.total)::text, s.record_count, s.complete,
              case when s.complete then s.times end, case when s.complete then s.quantities end,
              case when s.complete then s.opens end
            from (select) w
            left join series s on true
            left join ranked r on r.meter_key = s.meter_key and r.place = s.place and r.place <= $3
            order by s.meter_key, s.place""";

    private final SummaryQuery query;
    private final Integer meter;
    private final SummaryScopeSql scope;
    private final Tuple parameters;

    /** Of a query; {@code meter} is the key of the only meter that counts, or null. */
    SummarySql(SummaryQuery query, Integer meter) {
        this.query = query;
        this.meter = meter;
        this.parameters = Tuple.of(
                Rows.utc(query.from()), Rows.utc(query.to()), (long) query.top(), (long) SummaryQuery.MAX_POINTS);
        this.scope = new SummaryScopeSql(query.scope(), parameters);
    }

    /** The text; to be called once. */
    String text() {
        String ofMeter = meter == null ? "" : " and a.meter_key = " + parameter(meter);
        StringBuilder sql = new StringBuilder(scope.subscriptions());
        if (query.ofAggregates()) {
            String name = query.ofInstances() ? name() : "";
            if (query.open() && query.ofInstances()) {
                sql.append(NAMED.formatted(name));
            }
            sql.append(",\nused as (");
            if (query.granularity() == SummaryGranularity.HOURLY) {
                sql.append(fromAggregates("usage_hourly", WITHIN_DAY, "true", ofMeter, name));
            } else {
                sql.append(fromAggregates("usage_daily", OF_DAY, DAY_IS_SEALED, ofMeter, name))
                        .append("\n  union all")
                        .append(fromAggregates("usage_hourly", WITHIN_DAY, "not " + DAY_IS_SEALED, ofMeter, name));
            }
            if (query.open()) {
                String named = query.ofInstances() ? JOIN_NAMED : "";
                sql.append(OPEN.formatted(
                        key(), time("a.usage_hour"), named, ofMeter + scope.whileServed("a.usage_hour")));
            }
            sql.append(KEPT);
        } else {
            String day = query.granularity() == SummaryGranularity.DAILY ? "a.usage_day" : time("a.usage_day");
            sql.append(BY_DAY.formatted(day, scope.joined(), ofMeter + scope.within("a.usage_day")));
            if (query.open()) {
                sql.append(OPEN_BY_DAY.formatted(
                        time("a.usage_hour"), scope.joined(), ofMeter + scope.within("a.usage_hour")));
            }
            sql.append(KEPT_BY_DAY.formatted(key()));
        }
        return sql.append(SERIES.formatted(label())).toString();
    }

    /** What the text refers to. */
    Tuple parameters() {
        return parameters;
    }

    private String fromAggregates(String table, String windows, String reported, String ofMeter, String name) {
        boolean isTime = query.granularity() == SummaryGranularity.DAILY && windows.equals(OF_DAY);
        String named = name.isEmpty() ? "" : "\n    join " + name + " on n.instance_id = a.instance_id";
        return FROM_AGGREGATES.formatted(
                key(),
                isTime ? "a.usage_time" : time("a.usage_time"),
                table,
                windows,
                ofMeter + scope.whileServed("a.usage_time"),
                named,
                reported);
    }

    private String ofInstance() {
        SummaryFilter filter = query.filter();
        StringBuilder conditions = new StringBuilder();
        if (filter.resource() != null) {
            conditions
                    .append(" and starts_with(lower(resource_uri), lower(")
                    .append(parameter(filter.resource()))
                    .append("::text))");
        }
        if (filter.tag() != null) {
            conditions
                    .append(" and tags::json ->> ")
                    .append(parameter(filter.tag()))
                    .append("::text = ")
                    .append(parameter(filter.tagValue()));
        }
        return conditions.toString();
    }

    private String name() {
        Grouping grouping = query.groupBy();
        String filter = ofInstance();
        return switch (grouping.kind()) {
            case RESOURCE -> NAME.formatted("resource_uri", filter);
            case RESOURCE_GROUP ->
                NAME.formatted("(regexp_match(resource_uri, '^.*?/resourceGroups/[^/]+(?=/|$)', 'i'))[1]", filter);
            case LOCATION -> NAME_WITH_CASE.formatted("location", filter);
            case TAG -> NAME_WITH_CASE.formatted("tags::json ->> " + parameter(grouping.tag()) + "::text", filter);
            default -> NAME_WITH_CASE.formatted("null", filter);
        };
    }

    private String key() {
        return switch (query.groupBy().kind()) {
            case NONE, METER -> "''::text";
            case SUBSCRIPTION -> "s.subscription_id";
            case TENANT -> "s.tenant_id";
            default -> "n.name";
        };
    }

    private String label() {
        return switch (query.groupBy().kind()) {
            case SUBSCRIPTION -> "(select display_name from scope where subscription_id = r.key)";
            case TENANT -> "(select min(display_name) from scope where tenant_id = r.key)";
            default -> "null";
        };
    }

    private String time(String used) {
        return switch (query.granularity()) {
            case HOURLY -> used;
            case DAILY -> "date_trunc('day', " + used + ", 'UTC')";
            case MONTHLY -> "date_trunc('month', " + used + ", 'UTC')";
            case TOTAL -> "$1::timestamptz";
        };
    }

    private String parameter(Object value) {
        parameters.addValue(value);
        return "$" + parameters.size();
    }
}
