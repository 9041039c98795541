-- Sums by usage time, for charts: what was used when, whenever it was reported.
--
-- Invariants:
--  20. usage_by_day is the sum of all sealed hourly aggregates by subscription, day of usage and meter: not more and not
--      less, in any snapshot. It is written in the transaction that seals an hour, from exactly that hour's aggregates;
--      only one seals at a time. Late usage adds to the day in which it was used.
--  21. usage_report_day names every reported day that has sealed usage of a subscription and a day of usage. So usage of a
--      day is found in the aggregates, which are in order of reported time, without reading all that was reported since:
--      usage_daily where the reported day is sealed, usage_hourly where only hours of it are. They are the sums by
--      instance; another copy of them by usage time would take as much room as they do, and as long to seal.
--  22. Whoever seals an hour says in usage_window how many sums it added to (summary_count). A gateway from before this
--      migration does not, and cannot seal any more: else its hours would be missing here for ever.
--
-- usage_by_day has a row where usage_daily has one for each resource, and an hour updates those of one or two days: it needs
-- no partitions. Its rows are updated in place, on pages with room for it; no index has a column that changes.

-- Nobody seals while what is sealed is summed: from here to the end of this transaction.
select pg_advisory_xact_lock(hashtextextended('tallygate sealing', 0));

create table usage_by_day (
  subscription_id uuid not null,
  usage_day timestamptz not null check (usage_day = date_trunc('day', usage_day, 'UTC')),
  meter_key integer not null,
  quantity numeric not null,
  record_count bigint not null,
  primary key (subscription_id, usage_day, meter_key)
) with (fillfactor = 70);
comment on table usage_by_day is 'Sealed usage by subscription, UTC day of usage and meter';

create table usage_report_day (
  subscription_id uuid not null,
  usage_day timestamptz not null,
  reported_day timestamptz not null,
  primary key (subscription_id, usage_day, reported_day)
);
comment on table usage_report_day is 'On which UTC days sealed usage of a UTC day was reported';

insert into usage_by_day (subscription_id, usage_day, meter_key, quantity, record_count)
select subscription_id, usage_day, meter_key, sum(quantity), sum(record_count)
from (
  select subscription_id, usage_time as usage_day, meter_key, quantity, record_count
  from usage_daily
  union all
  select subscription_id, date_trunc('day', usage_time, 'UTC'), meter_key, quantity, record_count
  from usage_hourly
  where reported_time >= (select date_trunc('day', sealed_through, 'UTC') from window_state)) as sealed
group by subscription_id, usage_day, meter_key
order by usage_day, subscription_id, meter_key;

insert into usage_report_day (subscription_id, usage_day, reported_day)
select distinct subscription_id, usage_day, reported_day
from (
  select subscription_id, usage_time as usage_day, reported_time as reported_day
  from usage_daily
  union all
  select subscription_id, date_trunc('day', usage_time, 'UTC'), date_trunc('day', reported_time, 'UTC')
  from usage_hourly
  where reported_time >= (select date_trunc('day', sealed_through, 'UTC') from window_state)) as sealed
order by usage_day, subscription_id, reported_day;

-- For everyone's usage of some days.
create index usage_by_day_of_everyone on usage_by_day (usage_day);

alter table usage_window add column summary_count integer not null default 0;
alter table usage_window alter column summary_count drop default;
comment on column usage_window.summary_count is 'Rows of usage_by_day that the hour added to; 0 also where it was sealed before there were any';

-- How far the windows are, in the snapshot of the statement that asks: a summary that also shows what is not sealed must
-- not count an hour twice that is sealed meanwhile.
create function sealed_through() returns timestamptz
  language plpgsql stable parallel safe security definer
  set search_path = ${flyway:defaultSchema}, pg_temp as $$
begin
  return (select sealed_through from window_state);
end
$$;
revoke execute on function sealed_through from public;
grant execute on function sealed_through to ${applicationRole}, ${tenantRole}, ${readOnlyRole}, ${auditorRole};

grant select, insert, update (quantity, record_count) on usage_by_day to ${applicationRole};
grant select, insert on usage_report_day to ${applicationRole};
grant select on usage_by_day, usage_report_day to ${readOnlyRole};

do $do$
declare
  application constant text := $role$ ${applicationRole} $role$;
  read_only constant text := $role$ ${readOnlyRole} $role$;
  tenant constant text := $role$ ${tenantRole} $role$;
  guarded text;
begin
  foreach guarded in array array['usage_by_day', 'usage_report_day'] loop
    execute format('alter table %I enable row level security, force row level security', guarded);
    execute format('create policy gateway on %I to %s, current_user using (true) with check (true)', guarded, application);
    execute format('create policy reader on %I for select to %s using (true)', guarded, read_only);
  end loop;
  -- A tenant's summaries also read its resources, and its records that are not sealed yet.
  foreach guarded in array array['usage_by_day', 'usage_report_day', 'instance', 'usage_record'] loop
    execute format('create policy tenant on %I for select to %s'
      ' using (subscription_id in (select unnest((select visible_subscriptions()))))', guarded, tenant);
  end loop;
end $do$;
grant select on usage_by_day, usage_report_day to ${tenantRole};
grant select (subscription_id, instance_id, resource_uri, location, tags) on instance to ${tenantRole};
grant select (reported_hour, subscription_id, meter_key, instance_id, usage_hour, quantity) on usage_record to ${tenantRole};
