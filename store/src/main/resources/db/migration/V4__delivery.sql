-- Delivery: every routed row goes out to the CSP subscription that pays for it, once, and the ledger says how. Statements
-- on these tables live in the module routing.
--
-- Invariants:
--   6. Every routed row has one event_row with the same key, written in the transaction that routes it. The row waits
--      for an event, or is in exactly one, or is netted (and then its partner, of opposite sign, is too).
--   7. An event's key, body and hash are written once, in the transaction that puts its rows into it; there is no grant
--      to change them. Its quantity and record count are the sums of its rows.
--   8. Under a slot (endpoint, payer, dimension, hour) goes one event at most.
--   9. While an event is leased, only the holder of its lease_token moves it; whoever takes it over gets a higher one.
--      What moves an event writes its ledger entry in the same transaction.
--  10. delivery_ledger is only ever added to: there is no grant to change or delete.
-- An event's reported_time is the latest of its rows: events and ledger can be dropped after their rows, and the same
-- rows give the same primary key.

alter table registration add column delivery_endpoint text not null default 'default';
comment on column registration.delivery_endpoint is
  'The name of the configured endpoint that its usage is delivered to; takes effect on what is routed from now on';

create table event_row (
  subscription_id uuid not null,
  reported_time timestamptz not null,
  seq integer not null,
  endpoint text not null,
  payer_subscription_id uuid not null,
  dimension text not null,
  meter_key integer not null,
  usage_time timestamptz not null,
  quantity numeric not null,
  record_count bigint not null,
  netted boolean not null default false,
  awaited_time timestamptz,
  awaited_key uuid,
  event_time timestamptz,
  event_key uuid,
  primary key (subscription_id, reported_time, seq),
  check ((awaited_time is null) = (awaited_key is null)),
  check ((event_time is null) = (event_key is null)),
  check (not netted or event_key is null)
) partition by range (reported_time);
comment on table event_row is 'What is to be delivered of each routed row, with the amounts as they were routed';
comment on column event_row.dimension is 'The commerce meter, as it was when the row was routed';
comment on column event_row.awaited_key is
  'With awaited_time: the event whose outcome a reversal waits for, since its original may or may not be billed';
create index event_row_waiting on event_row (endpoint, payer_subscription_id, usage_time)
  where event_key is null and not netted;
create index event_row_of_event on event_row (payer_subscription_id, event_time, event_key)
  where event_key is not null;
create index event_row_awaiting on event_row (endpoint, payer_subscription_id, awaited_time, awaited_key)
  where awaited_key is not null and event_key is null and not netted;

create index event_row_netted on event_row (subscription_id, reported_time, seq) where netted;

create sequence delivery_lease;
grant usage on sequence delivery_lease to ${applicationRole};

create table delivery_event (
  payer_subscription_id uuid not null,
  reported_time timestamptz not null,
  event_key uuid not null,
  endpoint text not null,
  dimension text,
  effective_time timestamptz not null,
  quantity numeric not null,
  record_count bigint not null,
  row_count integer not null check (row_count > 0),
  body bytea not null,
  body_hash bytea not null,
  created_at timestamptz not null default clock_timestamp(),
  state text not null default 'pending'
    check (state in ('pending', 'delivered', 'dead', 'manual', 'waived', 'withdrawn')),
  reason text,
  attempts integer not null default 0,
  next_attempt_at timestamptz not null default clock_timestamp(),
  lease_token bigint,
  unknown_since timestamptz,
  batch_limit integer check (batch_limit > 0),
  remote_id text,
  settled_at timestamptz,
  primary key (payer_subscription_id, reported_time, event_key)
) partition by range (reported_time);
comment on column delivery_event.dimension is 'Null if its rows have several';
comment on column delivery_event.effective_time is 'The hour (or day) under which the endpoint is told of it';
comment on column delivery_event.state is
  'pending: due at next_attempt_at (held if its payer, or all delivery, is); withdrawn: never sent, its rows wait for another';
comment on column delivery_event.next_attempt_at is 'While it is leased: when the lease ends';
comment on column delivery_event.unknown_since is
  'When it was first sent without a definite answer since: it may be billed. Set before it is sent';
comment on column delivery_event.batch_limit is 'The most events it may be sent with: halved when a batch was refused';
create index delivery_event_due on delivery_event (endpoint, payer_subscription_id, next_attempt_at, event_key)
  where state = 'pending';
create index delivery_event_by_key on delivery_event (event_key);
create index delivery_event_in_order on delivery_event (reported_time, payer_subscription_id, event_key);
create index delivery_event_undelivered on delivery_event (state, reported_time, payer_subscription_id, event_key)
  where state <> 'delivered';

create table delivery_slot (
  endpoint text not null,
  payer_subscription_id uuid not null,
  dimension text not null,
  hour timestamptz not null check (hour = date_trunc('hour', hour, 'UTC')),
  event_key uuid not null,
  primary key (endpoint, payer_subscription_id, dimension, hour)
);
comment on table delivery_slot is 'For endpoints that take one event per payer, dimension and hour: the hours that are used';

create sequence delivery_ledger_entry;
grant usage on sequence delivery_ledger_entry to ${applicationRole};

create table delivery_ledger (
  payer_subscription_id uuid not null,
  reported_time timestamptz not null,
  event_key uuid not null,
  entry_id bigint not null default nextval('delivery_ledger_entry'),
  recorded_at timestamptz not null default clock_timestamp(),
  endpoint text not null,
  outcome text not null,
  attempt integer not null,
  lease_token bigint,
  fenced boolean not null default false,
  submission_id uuid,
  remote_id text,
  detail text,
  primary key (payer_subscription_id, reported_time, event_key, entry_id)
) partition by range (reported_time);
comment on column delivery_ledger.outcome is 'Of an attempt; or what else happened: Requeued, Waived, Withdrawn, OutcomeUnknown, …';
comment on column delivery_ledger.attempt is 'The number of attempts that counted, with this one';
comment on column delivery_ledger.fenced is 'The answer came when another had taken the event over: it moved nothing';

create table payer_hold (
  payer_subscription_id uuid primary key,
  automatic boolean not null,
  reason text not null,
  held_at timestamptz not null default clock_timestamp()
);
comment on table payer_hold is 'Payers that nothing is sent for; an automatic hold, after a refusal, ends when a mapping to the payer changes';

create table endpoint_pause (
  endpoint text primary key,
  paused_until timestamptz not null,
  pauses integer not null,
  reason text not null
);
comment on table endpoint_pause is 'Endpoints that did not take our credentials; the row goes when they do';

create table delivery_hold (
  singleton boolean primary key default true check (singleton),
  reason text not null,
  held_at timestamptz not null default clock_timestamp()
);
comment on table delivery_hold is 'While its one row is there, nothing is sent to anybody';

create or replace function ensure_partitions(at timestamptz) returns void
  language plpgsql security definer set search_path = ${flyway:defaultSchema}, pg_temp as $$
declare
  from_month timestamptz := date_trunc('month', at, 'UTC');
  to_month timestamptz := date_trunc('month', from_month + interval '40 days', 'UTC');
  parent text;
  partition text;
begin
  perform pg_advisory_xact_lock(hashtextextended('tallygate partitions', 0));
  foreach parent in array array['usage_record', 'usage_hourly', 'usage_daily', 'routed_usage', 'routed_daily', 'event_row',
      'delivery_event', 'delivery_ledger'] loop
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

-- What was routed before there was delivery is to be delivered too.
select ensure_partitions(month)
from (select distinct date_trunc('month', reported_time, 'UTC') as month from routed_usage) as routed;
insert into event_row (subscription_id, reported_time, seq, endpoint, payer_subscription_id, dimension, meter_key,
  usage_time, quantity, record_count)
select subscription_id, reported_time, seq, 'default', payer_subscription_id, commerce_meter_id, meter_key, usage_time,
  quantity, record_count
from routed_usage;

grant select, insert, update (netted, awaited_time, awaited_key, event_time, event_key) on event_row to ${applicationRole};
grant select, insert,
  update (state, reason, attempts, next_attempt_at, lease_token, unknown_since, batch_limit, remote_id, settled_at)
  on delivery_event to ${applicationRole};
grant select, insert on delivery_ledger to ${applicationRole};
grant select, insert, delete on delivery_slot to ${applicationRole};
grant select, insert, update, delete on payer_hold, endpoint_pause, delivery_hold to ${applicationRole};
