-- Usage in, windows sealed, aggregates out. Everything lives in the schema of the owner role; the application role
-- (placeholder applicationRole) gets what it needs and nothing more: it owns nothing and cannot change the schema.
--
-- Invariants:
--   1. A record is in usage_record exactly if its identity in usage_identity has a reported_hour: both are written in
--      one transaction.
--   2. No record is ever added to an hour before window_state.closed_through. Ingest reads it after taking the
--      advisory lock "windows" shared; whoever moves it holds that lock exclusively.
--   3. usage_hourly for an hour is written once, in the transaction that moves sealed_through past it, from exactly
--      the records of that hour; usage_daily likewise when the day's last hour is sealed.

create table window_state (
  singleton boolean primary key default true check (singleton),
  first_hour timestamptz,
  closed_through timestamptz,
  sealed_through timestamptz,
  check (closed_through = date_trunc('hour', closed_through, 'UTC')),
  check (first_hour <= sealed_through and sealed_through <= closed_through)
);
comment on table window_state is
  'One row: windows before closed_through take no more records, those before sealed_through are aggregated; all three null until the first window is closed';
insert into window_state default values;

create table usage_window (
  reported_hour timestamptz primary key,
  sealed_at timestamptz not null default clock_timestamp(),
  record_count bigint not null,
  aggregate_count bigint not null
);
comment on table usage_window is 'One row per sealed hour';

create table subscription (
  subscription_id uuid primary key,
  tenant_id uuid not null,
  display_name text not null,
  owner text not null,
  state text not null check (state in ('Enabled', 'Warned', 'PastDue', 'Disabled', 'Expired', 'Deleted')),
  provider_subscription_id uuid not null references subscription,
  registration_id bigint,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp()
);
comment on column subscription.provider_subscription_id is
  'The provider subscription whose direct tenant this is; the default provider subscription points to itself';
create index subscription_of_tenant on subscription (tenant_id, subscription_id);
create index subscription_of_provider on subscription (provider_subscription_id, subscription_id);
create index subscription_of_registration on subscription (registration_id);

create table meter (
  meter_key integer generated always as identity primary key,
  meter_id text not null,
  name text not null,
  resource_provider text not null,
  unit text not null,
  deprecated boolean not null,
  chargeable boolean not null,
  overlapping text[] not null,
  commerce_meter_id text not null
);
comment on column meter.meter_id is 'As on the wire, case kept; looked up without the case of A to Z, whatever the locale';
comment on column meter.name is 'Never changes once set, nor does unit: both are part of what a sealed query answers';
create unique index meter_by_id on meter (lower(meter_id collate "C"));

create table instance (
  subscription_id uuid not null,
  instance_id bigint generated always as identity,
  digest bytea not null,
  resource_uri text not null,
  location text not null,
  tags text,
  additional_info text,
  instance_data text not null,
  primary key (subscription_id, instance_id),
  unique (subscription_id, digest)
);
comment on column instance.digest is
  'SHA-256 over resourceUri in lower case, location, tags and additionalInfo in canonical form';
comment on column instance.instance_data is
  'The wire''s instanceData, rendered once: a complete JSON string literal, quotes and escapes included';

create table usage_identity (
  source text collate "C" not null,
  record_id text collate "C" not null,
  payload_hash bytea not null,
  reported_hour timestamptz,
  discarded boolean not null default false,
  primary key (source, record_id),
  check (not (discarded and reported_hour is not null))
) partition by hash (source, record_id);
comment on column usage_identity.reported_hour is 'Null while the record is quarantined, and when it was discarded there';
create table usage_identity_0 partition of usage_identity for values with (modulus 8, remainder 0);
create table usage_identity_1 partition of usage_identity for values with (modulus 8, remainder 1);
create table usage_identity_2 partition of usage_identity for values with (modulus 8, remainder 2);
create table usage_identity_3 partition of usage_identity for values with (modulus 8, remainder 3);
create table usage_identity_4 partition of usage_identity for values with (modulus 8, remainder 4);
create table usage_identity_5 partition of usage_identity for values with (modulus 8, remainder 5);
create table usage_identity_6 partition of usage_identity for values with (modulus 8, remainder 6);
create table usage_identity_7 partition of usage_identity for values with (modulus 8, remainder 7);

create table usage_record (
  reported_hour timestamptz not null,
  subscription_id uuid not null,
  meter_key integer not null,
  instance_id bigint not null,
  usage_hour timestamptz not null,
  usage_start timestamptz not null,
  usage_end timestamptz not null,
  quantity numeric(38, 15) not null check (quantity <> 'NaN'),
  reported_at timestamptz not null,
  source text collate "C" not null,
  record_id text collate "C" not null,
  check (usage_hour <= usage_start and usage_start <= usage_end and usage_end <= usage_hour + interval '1 hour')
) partition by range (reported_hour);
create index usage_record_of_window on usage_record (reported_hour);

-- Records that are kept but not taken: quarantined until subscription and meter are known, conflicting with another
-- payload under the same identity. Both have the same columns.
create table quarantined_record (
  held_id bigint generated always as identity primary key,
  source text collate "C" not null,
  record_id text collate "C" not null,
  payload_hash bytea not null,
  reason text not null check (reason in ('SubscriptionUnknown', 'MeterUnknown')),
  subscription_id uuid not null,
  meter_id text not null,
  resource_uri text not null,
  location text not null,
  tags text,
  additional_info text,
  usage_start timestamptz not null,
  usage_end timestamptz not null,
  quantity numeric(38, 15) not null check (quantity <> 'NaN'),
  received_at timestamptz not null default clock_timestamp(),
  unique (source, record_id)
);

create table conflicting_record (
  held_id bigint generated always as identity primary key,
  source text collate "C" not null,
  record_id text collate "C" not null,
  payload_hash bytea not null,
  reason text not null check (reason = 'PayloadDiffers'),
  subscription_id uuid not null,
  meter_id text not null,
  resource_uri text not null,
  location text not null,
  tags text,
  additional_info text,
  usage_start timestamptz not null,
  usage_end timestamptz not null,
  quantity numeric(38, 15) not null check (quantity <> 'NaN'),
  received_at timestamptz not null default clock_timestamp(),
  unique (source, record_id, payload_hash)
);

-- The two aggregates have the same columns, so that one statement reads either. seq counts within a window in order of
-- subscription: pages of one subscription and of all of them both lie together on disk.
create table usage_hourly (
  reported_time timestamptz not null,
  seq integer not null,
  subscription_id uuid not null,
  meter_key integer not null,
  instance_id bigint not null,
  usage_time timestamptz not null,
  quantity numeric not null,
  record_count bigint not null,
  primary key (subscription_id, reported_time, seq)
) partition by range (reported_time);
create unique index usage_hourly_in_order on usage_hourly (reported_time, seq);

create table usage_daily (
  reported_time timestamptz not null,
  seq integer not null,
  subscription_id uuid not null,
  meter_key integer not null,
  instance_id bigint not null,
  usage_time timestamptz not null,
  quantity numeric not null,
  record_count bigint not null,
  primary key (subscription_id, reported_time, seq)
) partition by range (reported_time);
create unique index usage_daily_in_order on usage_daily (reported_time, seq);

create table audit_entry (
  audit_id bigint generated always as identity primary key,
  recorded_at timestamptz not null default clock_timestamp(),
  tenant_id uuid not null,
  subject text not null,
  action text not null,
  target text not null,
  reason text,
  detail text not null,
  correlation_id text not null
);
comment on column audit_entry.detail is 'JSON: what was before and what is after';

-- Makes the monthly partitions that hold the given time. It runs as the owner, since the application role may not
-- create tables. A partition is made aside and then attached: that does not stop readers or writers of the others.
create function ensure_partitions(at timestamptz) returns void
  language plpgsql security definer set search_path = ${flyway:defaultSchema}, pg_temp as $$
declare
  from_month timestamptz := date_trunc('month', at, 'UTC');
  to_month timestamptz := date_trunc('month', from_month + interval '40 days', 'UTC');
  parent text;
  partition text;
begin
  perform pg_advisory_xact_lock(hashtextextended('tallygate partitions', 0));
  foreach parent in array array['usage_record', 'usage_hourly', 'usage_daily', 'routed_usage', 'routed_daily'] loop
    partition := parent || to_char(from_month at time zone 'UTC', '_YYYY_MM');
    if to_regclass(partition) is null then
      execute format('create table %I (like %I including all)', partition, parent);
      execute format('alter table %I attach partition %I for values from (%L) to (%L)',
                     parent, partition, from_month, to_month);
    end if;
  end loop;
end $$;
revoke execute on function ensure_partitions from public;

grant usage on schema ${flyway:defaultSchema} to ${applicationRole};
grant execute on function ensure_partitions to ${applicationRole};
grant select, update on window_state to ${applicationRole};
grant select, insert on usage_window, instance, usage_record, usage_hourly, usage_daily, audit_entry to ${applicationRole};
grant select, insert, update on subscription, meter, usage_identity to ${applicationRole};
grant select, insert, update, delete on quarantined_record, conflicting_record to ${applicationRole};
