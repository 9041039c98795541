-- What is older than the retention goes, a month at a time, and what was before is never answered as if it were empty.
--
-- Invariants:
--  28. Usage is dropped by drop_month and by nobody else: the oldest month that is there, whole, in one transaction. Whoever
--      calls it, it looks for itself that
--      (a) the month, and a day more, is older than the retention that it is called with, which is at least what the owner
--          says (retention_state.least);
--      (b) every row of it is final: its hours are sealed and routed; no record of that time or before is quarantined or in
--          conflict; each routed row is netted or in an event that is delivered or waived; no event of it is anything but
--          delivered, waived or withdrawn, and none that has rows of it is of the last 31 days, so that the self-check
--          finds the rows of what it checks; no row waits for the outcome of one. Final rows never change again. A re-route,
--          which may make rows wait, is kept out by the lock on routing_state, and this is looked at again behind it;
--      (c) its books balance, by day, tenant and payer, and with what sealing noted of its windows.
--  29. retention_state.floor is where usage begins that is kept, in reported time: of what was reported before nothing is
--      shown, of what was reported from there on all is there. usage_floor is the same for time of usage: all usage of the
--      days from there on was reported from the floor on. Both only go forward, in the transaction that drops.
--  30. What reads usage of a range asks require_kept or require_usage_kept in the same statement, with where the range
--      begins: in what it selects, or in its limit, since a condition is not looked at where no partition is left. A
--      statement is planned, with the partitions that there are, before it takes its snapshot: it cannot miss a month and
--      still see the floor of before.
--  31. dropped_day has what reconciliation needs of each dropped day, made of the rows themselves in the transaction that
--      drops them. It is kept for ever: there is no grant to change or delete it.
--  32. Identities go last: sweep_dropped waits, when the floor has moved, for every transaction that may have taken
--      records without seeing that, and only then begins to delete. From the move on a record that ended before the floor
--      and a day is taken only if its identity is known, that is, not anew: so it never matters whether it is still there.
--      Discarded identities have no time and stay. So do instances.
--
-- Nobody waits long: all that takes time is done before the tables are locked. For the locks drop_month waits a tenth of a
-- second at a time (readers that come meanwhile wait behind it), lets go of all of them, and tries again; then it gives up.

create table retention_state (
  singleton boolean primary key default true check (singleton),
  floor timestamptz check (floor = date_trunc('month', floor, 'UTC')),
  usage_floor timestamptz check (usage_floor >= floor),
  least interval not null default '62 days' check (least >= '62 days'),
  swept_part integer,
  swept_page bigint not null default 0
);
comment on table retention_state is 'One row: where kept usage begins (null: nothing was dropped), and how far the sweep is';
comment on column retention_state.least is 'Nobody drops what is younger, whatever the settings of gateways; for the owner to change';
comment on column retention_state.swept_part is 'What sweep_dropped is at, by its number there; null when all is done';
insert into retention_state default values;

create table dropped_day (
  day timestamptz not null check (day = date_trunc('day', day, 'UTC')),
  tenant_id uuid not null,
  payer_subscription_id uuid,
  account text not null check (account in ('accepted', 'aggregated', 'mapped', 'base', 'notChargeable', 'notBilled',
    'adjusted', 'delivered', 'waived', 'netted')),
  record_count bigint not null,
  quantity numeric not null
);
comment on table dropped_day is 'The books of reported days whose rows are dropped; an account that is not here is 0';
create unique index dropped_day_in_order on dropped_day (day, tenant_id, account, coalesce(payer_subscription_id, tenant_id));

create function monthly_tables() returns text[]
  language sql immutable as $$
  select array['usage_record', 'usage_hourly', 'usage_daily', 'routed_usage', 'routed_daily', 'event_row', 'delivery_event',
    'delivery_ledger']
$$;

-- The same as before, but never of a month that was dropped: nothing may come into it.
create or replace function ensure_partitions(at timestamptz) returns void
  language plpgsql security definer set search_path = ${flyway:defaultSchema}, pg_temp as $$
declare
  from_month timestamptz := date_trunc('month', at, 'UTC');
  to_month timestamptz := date_trunc('month', from_month + interval '40 days', 'UTC');
  parent text;
  partition text;
begin
  perform pg_advisory_xact_lock(hashtextextended('tallygate partitions', 0));
  if from_month < (select floor from retention_state) then
    raise exception 'The month of % was dropped', from_month;
  end if;
  foreach parent in array monthly_tables() loop
    partition := parent || to_char(from_month at time zone 'UTC', '_YYYY_MM');
    if to_regclass(partition) is null then
      execute format('create table %I (like %I including all)', partition, parent);
      execute format('alter table %I attach partition %I for values from (%L) to (%L)',
                     parent, partition, from_month, to_month);
      -- A claim that finds nothing walks the dead index entries of a busy payer until they are vacuumed, and a fifth of
      -- a month is too many. Storage parameters cannot be set on the parent.
      if parent in ('event_row', 'delivery_event') then
        execute format('alter table %I set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02)',
                       partition);
      end if;
    end if;
  end loop;
end $$;

-- Both are true, or fail with the state TG400, whose message is the floor in seconds since 1970.
create function require_kept(asked timestamptz) returns boolean
  language plpgsql stable parallel safe security definer
  set search_path = ${flyway:defaultSchema}, pg_temp as $$
declare
  kept_from constant timestamptz := (select floor from retention_state);
begin
  if asked < kept_from then
    raise exception using errcode = 'TG400', message = extract(epoch from kept_from)::bigint::text;
  end if;
  return true;
end $$;

create function require_usage_kept(asked timestamptz) returns boolean
  language plpgsql stable parallel safe security definer
  set search_path = ${flyway:defaultSchema}, pg_temp as $$
declare
  kept_from constant timestamptz := (select usage_floor from retention_state);
begin
  if asked < kept_from then
    raise exception using errcode = 'TG400', message = extract(epoch from kept_from)::bigint::text;
  end if;
  return true;
end $$;

-- The months that are old enough, in order: of each, invariant 28 (a) holds.
create function months_past(keep interval) returns setof timestamptz
  language plpgsql stable security definer
  set search_path = ${flyway:defaultSchema}, pg_temp set timezone = 'UTC' as $$
declare
  least constant interval := (select r.least from retention_state r);
begin
  if keep is null or keep < least then
    raise exception 'Usage must be kept for % at least, not %', least, keep;
  end if;
  return query
    select month
    from window_state w
    cross join retention_state r
    cross join generate_series(coalesce(r.floor, date_trunc('month', w.first_hour)), clock_timestamp(), interval '1 month')
      as month
    where month + interval '1 month' + interval '1 day' <= clock_timestamp() - keep
    order by month;
end $$;

-- What keeps a month from being final, and how much of it there is; no row if it is: invariant 28 (b). Quick: without what
-- takes a look at all of its rows and cannot change once it was looked at.
create function month_obstacles(month timestamptz, quick boolean default false) returns table (obstacle text, how_many bigint)
  language sql stable security definer
  set search_path = ${flyway:defaultSchema}, pg_temp set timezone = 'UTC' as $$
  with span as (select month as begins, month + interval '1 month' as ends)
  select obstacle, how_many
  from span
  cross join lateral (
    select 'unsealedHours', ceil(extract(epoch from ends - greatest(begins, coalesce(sealed_through, begins))) / 3600)::bigint
    from window_state
    union all
    select 'unroutedHours', ceil(extract(epoch from ends - greatest(begins, coalesce(routed_through, begins))) / 3600)::bigint
    from routing_state
    union all
    select 'quarantined', count(*) from quarantined_record where least(usage_start, received_at) < ends
    union all
    select 'conflicts', count(*) from conflicting_record where least(usage_start, received_at) < ends
    union all
    select 'waitingRows', count(*)
    from event_row
    where event_key is null and not netted and reported_time >= begins and reported_time < ends
    union all
    select d.state || 'Events', count(*)
    from delivery_event d
    where d.state <> 'delivered' and d.state in ('pending', 'dead', 'manual') and d.reported_time >= begins
      and (d.reported_time < ends
        or exists (
          select from event_row r
          where r.payer_subscription_id = d.payer_subscription_id and r.event_time = d.reported_time
            and r.event_key = d.event_key and r.reported_time < ends))
    group by d.state
    union all
    select 'recentEvents', count(distinct event_key)
    from event_row
    where not quick and reported_time >= begins and reported_time < ends
      and event_time >= clock_timestamp() - interval '31 days'
    union all
    select 'awaitedEvents', count(distinct awaited_key)
    from event_row
    where awaited_key is not null and event_key is null and not netted and awaited_time >= begins and awaited_time < ends)
    as looked (obstacle, how_many)
  where how_many > 0
$$;

create function require_final(month timestamptz, quick boolean) returns void
  language plpgsql stable security definer
  set search_path = ${flyway:defaultSchema}, pg_temp set timezone = 'UTC' as $$
declare
  obstacles constant text := (
    select string_agg(obstacle || ' ' || how_many, ', ' order by obstacle) from month_obstacles(month, quick));
begin
  if obstacles is not null then
    raise exception 'The month of % is not final: %', month::date, obstacles using errcode = 'TG409';
  end if;
end $$;

-- The books of a month whose rows are all final, noted for ever; fails unless they balance: invariants 28 (c) and 31.
create function note_dropped_days(month timestamptz) returns bigint
  language plpgsql security definer
  set search_path = ${flyway:defaultSchema}, pg_temp set timezone = 'UTC' as $$
declare
  ends constant timestamptz := month + interval '1 month';
  wrong text;
  accepted bigint;
begin
  insert into dropped_day (day, tenant_id, payer_subscription_id, account, record_count, quantity)
  select book.day, s.tenant_id, book.payer, book.account, sum(book.records), sum(book.quantity)
  from (
    select date_trunc('day', reported_hour) as day, subscription_id, null::uuid as payer, 'accepted' as account,
      count(*) as records, sum(quantity) as quantity
    from usage_record
    where reported_hour >= month and reported_hour < ends
    group by 1, 2
    union all
    select date_trunc('day', reported_time), subscription_id, null, 'aggregated', sum(record_count), sum(quantity)
    from usage_hourly
    where reported_time >= month and reported_time < ends
    group by 1, 2
    union all
    select date_trunc('day', reported_time), subscription_id, payer_subscription_id,
      case when kind <> 'original' then 'adjusted' when fallback then 'base' else 'mapped' end, sum(record_count),
      sum(quantity)
    from routed_usage
    where reported_time >= month and reported_time < ends
    group by 1, 2, 3, 4
    union all
    select date_trunc('day', reported_time), subscription_id, null, reason, sum(record_count), sum(quantity)
    from routed_exclusion
    where reported_time >= month and reported_time < ends
    group by 1, 2, 4
    union all
    select date_trunc('day', e.reported_time), e.subscription_id, e.payer_subscription_id,
      case when e.netted then 'netted' else coalesce(d.state, 'missing') end, sum(e.record_count), sum(e.quantity)
    from event_row e
    left join delivery_event d on d.payer_subscription_id = e.payer_subscription_id and d.reported_time = e.event_time
      and d.event_key = e.event_key
    where e.reported_time >= month and e.reported_time < ends
    group by 1, 2, 3, 4) book
  join subscription s using (subscription_id)
  group by book.day, s.tenant_id, book.payer, book.account;

  select coalesce(sum(record_count), 0) into accepted
  from dropped_day
  where account = 'accepted' and day >= month and day < ends;
  if accepted <> (
      select coalesce(sum(record_count), 0) from usage_window where reported_hour >= month and reported_hour < ends) then
    raise exception 'The month of % has other records than were sealed', month::date using errcode = 'TG409';
  end if;

  with posted as (
    select t.*, p.sign_taken, p.sign_routed, p.sign_moved, p.sign_sent
    from dropped_day t
    join (values
      ('accepted', 1, 0, 0, 0), ('aggregated', -1, 1, 0, 0), ('notChargeable', 0, -1, 0, 0), ('notBilled', 0, -1, 0, 0),
      ('mapped', 0, -1, 0, 1), ('base', 0, -1, 0, 1), ('adjusted', 0, 0, 1, 1), ('delivered', 0, 0, 0, -1),
      ('waived', 0, 0, 0, -1), ('netted', 0, 0, 0, -1))
      as p (account, sign_taken, sign_routed, sign_moved, sign_sent) using (account)
    where t.day >= month and t.day < ends)
  select min(day::date || ', tenant ' || tenant_id) into wrong
  from (
    select day, tenant_id
    from posted
    group by day, tenant_id
    having sum(sign_taken * record_count) <> 0 or sum(sign_taken * quantity) <> 0
      or sum(sign_routed * record_count) <> 0 or sum(sign_routed * quantity) <> 0
      or sum(sign_moved * record_count) <> 0 or sum(sign_moved * quantity) <> 0
    union all
    select day, tenant_id
    from posted
    where payer_subscription_id is not null
    group by day, tenant_id, payer_subscription_id
    having sum(sign_sent * record_count) <> 0 or sum(sign_sent * quantity) <> 0) unbalanced;
  if wrong is not null then
    raise exception 'The books of % do not balance', wrong using errcode = 'TG409';
  end if;
  return accepted;
end $$;

-- Drops the oldest month, if it is past; tells which, how many records it had and how many bytes its tables took. Nulls if
-- there is nothing to drop, or somebody else is dropping just now.
create function drop_month(keep interval, out dropped timestamptz, out record_count bigint, out bytes bigint)
  language plpgsql security definer
  set search_path = ${flyway:defaultSchema}, pg_temp set timezone = 'UTC' set lock_timeout = '100ms' as $$
declare
  month timestamptz;
  ends timestamptz;
  partitions regclass[];
  locked boolean := false;
begin
  if not pg_try_advisory_xact_lock(hashtextextended('tallygate retention', 0)) then
    return;
  end if;
  month := (select min(past) from months_past(keep) as past);
  if month is null then
    return;
  end if;
  ends := month + interval '1 month';
  perform require_final(month, false);
  record_count := note_dropped_days(month);

  -- Only tables that are a monthly table's partition of exactly this month.
  select array_agg(c.oid::regclass order by array_position(monthly_tables(), p.relname::text)), sum(pg_total_relation_size(c.oid))
  into partitions, bytes
  from pg_inherits i
  join pg_class c on c.oid = i.inhrelid
  join pg_class p on p.oid = i.inhparent
  where i.inhparent = any (array(select to_regclass(name) from unnest(monthly_tables()) as name))
    and c.relname = p.relname || to_char(month, '_YYYY_MM');

  for attempt in 1 .. 30 loop
    begin
      perform from routing_state for update;
      execute 'lock table only ' || array_to_string(monthly_tables(), ', only ') || ' in access exclusive mode';
      if partitions is not null then
        execute 'lock table ' || array_to_string(partitions, ', ') || ' in access exclusive mode';
      end if;
      locked := true;
    exception when lock_not_available then
      null;
    end;
    exit when locked;
    perform pg_sleep(1);
  end loop;
  if not locked then
    raise exception 'The tables are in use all the time' using errcode = 'lock_not_available';
  end if;

  perform require_final(month, true);
  if partitions is not null then
    execute 'drop table ' || array_to_string(partitions, ', ');
  end if;
  -- What came ahead of its time, by minutes, may be usage of a day that is kept otherwise.
  update retention_state
  set floor = ends,
    usage_floor = greatest(ends, usage_floor, (
      select date_trunc('day', max(usage_hour)) + interval '1 day'
      from usage_source_hour
      where reported_hour >= month and reported_hour < ends)),
    swept_part = 0, swept_page = 0;
  dropped := month;
end $$;

-- What is not partitioned by time and belongs to dropped months goes too, some pages of a table at a time, each call a
-- transaction of its own; identities last. Nobody is shown any of it any more, so it may take its time. Done also if
-- somebody else is at it.
create function sweep_dropped(keep interval, pages integer, out removed bigint, out done boolean)
  language plpgsql security definer
  set search_path = ${flyway:defaultSchema}, pg_temp set timezone = 'UTC' set lock_timeout = '2s' as $$
declare
  state retention_state;
  names constant text[] := array['usage_report_day', 'usage_by_day', 'usage_source_hour', 'routed_exclusion', 'delivery_slot']
    || array(select 'usage_identity_' || number from generate_series(0, 7) as number);
  conditions constant text[] := array[
    't.reported_day < $1 or t.usage_day < $2',
    't.usage_day < $2',
    -- The first and the last that a source ever reported stay: between them it has gaps.
    't.usage_hour < $2'
      ' and exists (select from usage_source_hour o where o.source = t.source and o.usage_hour < t.usage_hour)'
      ' and exists (select from usage_source_hour o where o.source = t.source and o.usage_hour > t.usage_hour)',
    't.reported_time < $1',
    -- Usage that came as late as could be may still be sent, and must not take an hour that was used.
    't.hour < $1 - $3']
    || array(select 't.reported_hour < $1' from generate_series(0, 7));
begin
  removed := 0;
  done := true;
  select * into state from retention_state where swept_part is not null for update skip locked;
  if not found then
    return;
  end if;
  done := false;
  if state.swept_part = 0 then
    -- The lock of closing windows: who takes records has it shared from before it reads the floor.
    perform pg_advisory_xact_lock(hashtextextended('tallygate windows', 0));
    update retention_state set swept_part = 1, swept_page = 0;
    return;
  end if;
  execute format('delete from %I t where t.ctid >= %L::tid and t.ctid < %L::tid and (%s)', names[state.swept_part],
      '(' || state.swept_page || ',0)', '(' || state.swept_page + pages || ',0)', conditions[state.swept_part])
    using state.floor, state.usage_floor, keep;
  get diagnostics removed = row_count;
  if (state.swept_page + pages) * current_setting('block_size')::bigint
      < pg_relation_size(to_regclass(names[state.swept_part])) then
    update retention_state set swept_page = state.swept_page + pages;
  elsif state.swept_part < cardinality(names) then
    update retention_state set swept_part = state.swept_part + 1, swept_page = 0;
  else
    update retention_state set swept_part = null, swept_page = 0;
    done := true;
  end if;
end $$;

-- What the partitions of these months are: rows by the planner's statistics, counted where there are none.
create function month_tables(month timestamptz) returns table (name text, row_count bigint, bytes bigint)
  language plpgsql stable security definer
  set search_path = ${flyway:defaultSchema}, pg_temp set timezone = 'UTC' as $$
declare
  partition regclass;
begin
  foreach name in array monthly_tables() loop
    partition := to_regclass(name || to_char(month, '_YYYY_MM'));
    continue when partition is null;
    row_count := (select reltuples from pg_class where oid = partition);
    if row_count < 0 then
      execute format('select count(*) from %s', partition) into row_count;
    end if;
    bytes := pg_total_relation_size(partition);
    return next;
  end loop;
end $$;

revoke execute on function monthly_tables, require_kept, require_usage_kept, months_past, month_obstacles, require_final,
  note_dropped_days, drop_month, sweep_dropped, month_tables from public;
grant execute on function require_kept, require_usage_kept to ${applicationRole}, ${tenantRole}, ${readOnlyRole};
grant execute on function months_past, month_obstacles, month_tables, drop_month, sweep_dropped to ${applicationRole};
grant select on retention_state, dropped_day to ${applicationRole}, ${readOnlyRole};

alter table dropped_day enable row level security, force row level security;
create policy gateway on dropped_day to ${applicationRole}, current_user using (true) with check (true);
create policy reader on dropped_day for select to ${readOnlyRole} using (true);
