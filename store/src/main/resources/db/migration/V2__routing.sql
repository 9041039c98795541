-- Registrations, mappings and routed usage. Statements on these tables live in the module routing; store's statements
-- use none of them.
--
-- Invariants:
--   4. At any instant a tenant of a registration has one customer subscription, and a customer subscription pays for
--      one tenant of a registration: the two exclusion constraints.
--   5. Every hourly aggregate before routing_state.routed_through is in exactly one of routed_usage (kind original,
--      same key) and routed_exclusion (summed): both are written in the transaction that moves routed_through past it.

create extension if not exists btree_gist;

create table registration (
  registration_id bigint generated always as identity primary key,
  subscription_id uuid not null,
  resource_group text not null,
  name text not null,
  location text not null,
  tags text,
  billing_model text not null check (billing_model in ('PayAsYouUse', 'Capacity', 'Development')),
  multi_tenant boolean not null,
  object_id uuid not null default gen_random_uuid(),
  cloud_id uuid not null default gen_random_uuid(),
  token_hash bytea,
  activation_key uuid not null default gen_random_uuid(),
  revision bigint not null default 1,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp()
);
comment on column registration.subscription_id is 'The base subscription: pays where no mapping exists';
comment on column registration.token_hash is 'SHA-256 of the registration token, which is never kept';
create unique index registration_by_name on registration (subscription_id, lower(resource_group), lower(name));

alter table subscription add constraint subscription_has_registration
  foreign key (registration_id) references registration;

-- Append-only: a change supersedes rows (superseded_at) and appends what holds from now on. Null ends are open.
create table customer_subscription (
  mapping_id bigint generated always as identity primary key,
  registration_id bigint not null references registration,
  tenant_id uuid not null,
  customer_subscription_id uuid not null,
  effective_from timestamptz not null check (effective_from = date_trunc('hour', effective_from, 'UTC')),
  effective_to timestamptz check (effective_to = date_trunc('hour', effective_to, 'UTC')),
  recorded_at timestamptz not null default clock_timestamp(),
  superseded_at timestamptz,
  check (effective_from < effective_to),
  constraint one_customer_subscription_per_tenant
    exclude using gist (registration_id with =, tenant_id with =, tstzrange(effective_from, effective_to) with &&)
    where (superseded_at is null),
  constraint one_tenant_per_customer_subscription
    exclude using gist (registration_id with =, customer_subscription_id with =,
                        tstzrange(effective_from, effective_to) with &&)
    where (superseded_at is null)
);
create index customer_subscription_by_id on customer_subscription (customer_subscription_id);

-- Who pays for a usage hour of a tenant: the customer subscription in force at the start of that hour, as recorded now;
-- else the base subscription, flagged. The rule exists here and nowhere else.
create function payer_of(registration bigint, tenant uuid, usage_hour timestamptz)
  returns table (payer_subscription_id uuid, fallback boolean)
  language sql stable as $$
  select coalesce(c.customer_subscription_id, r.subscription_id), c.customer_subscription_id is null
  from registration r
  left join customer_subscription c
    on c.registration_id = r.registration_id
    and c.tenant_id = tenant
    and c.superseded_at is null
    and tstzrange(c.effective_from, c.effective_to) @> usage_hour
  where r.registration_id = registration
$$;

create table routing_state (
  singleton boolean primary key default true check (singleton),
  routed_through timestamptz check (routed_through = date_trunc('hour', routed_through, 'UTC'))
);
comment on table routing_state is 'One row: sealed windows before routed_through are routed';
insert into routing_state default values;

-- kind: an original has the key of its hourly aggregate; a re-route appends linked pairs of reversal and rerouted rows
-- under later numbers of the window in whose routing run it happens (origin_time, origin_seq name the original).
create table routed_usage (
  payer_subscription_id uuid not null,
  reported_time timestamptz not null,
  seq integer not null,
  kind text not null check (kind in ('original', 'reversal', 'rerouted')),
  origin_time timestamptz,
  origin_seq integer,
  registration_id bigint not null,
  tenant_id uuid not null,
  subscription_id uuid not null,
  fallback boolean not null,
  meter_key integer not null,
  commerce_meter_id text not null,
  instance_id bigint not null,
  usage_time timestamptz not null,
  quantity numeric not null,
  record_count bigint not null,
  primary key (subscription_id, reported_time, seq),
  check ((kind = 'original') = (origin_time is null) and (origin_time is null) = (origin_seq is null))
) partition by range (reported_time);
create unique index routed_usage_of_payer on routed_usage (payer_subscription_id, reported_time, seq);
create index routed_usage_in_order on routed_usage (reported_time, seq);

create table routed_daily (
  payer_subscription_id uuid not null,
  reported_time timestamptz not null,
  seq integer not null,
  subscription_id uuid not null,
  meter_key integer not null,
  commerce_meter_id text not null,
  instance_id bigint not null,
  usage_time timestamptz not null,
  quantity numeric not null,
  record_count bigint not null,
  primary key (payer_subscription_id, reported_time, seq)
) partition by range (reported_time);

create table routed_exclusion (
  reported_time timestamptz not null,
  subscription_id uuid not null,
  meter_key integer not null,
  reason text not null check (reason in ('notChargeable', 'notBilled')),
  quantity numeric not null,
  record_count bigint not null,
  primary key (subscription_id, reported_time, meter_key, reason)
);
comment on table routed_exclusion is
  'Sealed usage that is not routed, summed per window, subscription and meter, with the reason that held when its window was routed';

grant select, insert, update, delete on registration to ${applicationRole};
grant select, insert, update (superseded_at) on customer_subscription to ${applicationRole};
grant select, update on routing_state to ${applicationRole};
grant select, insert on routed_usage, routed_daily, routed_exclusion to ${applicationRole};
grant execute on function payer_of to ${applicationRole};
