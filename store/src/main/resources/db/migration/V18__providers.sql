-- Who serves a subscription, and when: several levels of providers, of which each reads its direct tenants, and a subscription
-- that moves to another one leaves what it used before with the one before.
--
-- Invariants:
--  50. Each subscription has exactly one provider subscription at each instant. Its periods have different begins and different
--      ends (two keys), each ends after it begins, and where one ends another begins (a foreign key): so they follow each other
--      without a gap to infinity. Its first begins at -infinity, with the subscription itself (a trigger, for whoever inserts it).
--  51. Periods begin at a UTC midnight: an hour and a day of usage are wholly in one, and the daily usage that a provider reads
--      is the sum of its hourly usage.
--  52. What is the past does not change: the application role appends a period that is to come, takes it away before it begins, and
--      moves an end that is to come (policies). A move is put at least a quarter of an hour before it begins, after what is closed,
--      and under the lock that closing waits for (WindowLock): usage is at most some minutes ahead of its report, so none of
--      the usage in question was sealed before the move was committed. A sealed answer stays as it was, for each provider.
--  53. Nobody is below itself, at any instant from now on: one who moves holds the lock "providers" from before it looks at those
--      above until its commit.
--  54. A provider's tenant sees the usage of others' subscriptions of the times at which it serves them, and of no others: the
--      query says so, and the policies once more. What has no time, a subscription's name and its resources, it sees from when it
--      began to serve.
-- subscription.provider_subscription_id stays what it was, the provider from the beginning: a gateway of before goes on with it,
-- and refuses to move any. It reads for a provider what it read before, which the policies cut to these periods.

-- Nobody inserts a subscription from here to the end of this transaction: one between the copy and the trigger would have no
-- provider.
lock table subscription in share row exclusive mode;

create table subscription_provider (
  subscription_id uuid not null references subscription on delete cascade,
  provider_subscription_id uuid not null references subscription,
  effective_from timestamptz not null check (effective_from = date_trunc('day', effective_from, 'UTC')),
  effective_to timestamptz not null check (effective_to > effective_from),
  recorded_at timestamptz not null default clock_timestamp(),
  recorded_by text,
  whole boolean not null generated always as (effective_from = '-infinity' and effective_to = 'infinity') stored,
  followed_from timestamptz generated always as (nullif(effective_to, 'infinity')) stored,
  primary key (subscription_id, effective_from),
  unique (subscription_id, effective_to),
  foreign key (subscription_id, followed_from) references subscription_provider (subscription_id, effective_from)
    deferrable initially deferred
);
comment on table subscription_provider is 'The provider subscription whose direct tenant a subscription is, by time of usage';
comment on column subscription_provider.recorded_by is 'The subject of who moved it there; null for the first one';
comment on column subscription_provider.whole is 'Whether it never was and never will be another''s';
comment on column subscription_provider.followed_from is 'The begin of the next period, which must be there';
create index subscription_provider_serves
  on subscription_provider (provider_subscription_id, subscription_id) include (whole, effective_from, effective_to);
-- To list what is scheduled.
create index subscription_provider_moved on subscription_provider (effective_from) where not whole;

-- Before there are rows: what is checked at the end of this transaction keeps the table from being altered.
alter table subscription_provider enable row level security, force row level security;
create policy owner on subscription_provider to current_user using (true) with check (true);

insert into subscription_provider (subscription_id, provider_subscription_id, effective_from, effective_to, recorded_at)
select subscription_id, provider_subscription_id, '-infinity', 'infinity', created_at from subscription;

create function subscription_begins() returns trigger
  language plpgsql set search_path = ${flyway:defaultSchema}, pg_temp as $$
begin
  insert into subscription_provider (subscription_id, provider_subscription_id, effective_from, effective_to)
  select subscription_id, provider_subscription_id, '-infinity', 'infinity' from added;
  return null;
end
$$;
revoke execute on function subscription_begins from public;
create trigger subscription_begins after insert on subscription
  referencing new table as added for each statement execute function subscription_begins();

comment on column subscription.provider_subscription_id is
  'The first of its provider subscriptions, see subscription_provider; the default provider subscription points to itself';

-- The viewer's own.
create function viewer_subscriptions() returns uuid[]
  language plpgsql stable parallel safe security definer
  set search_path = ${flyway:defaultSchema}, pg_temp as $$
begin
  return array(select subscription_id from subscription where tenant_id = viewer_tenant());
end
$$;

-- The viewer's own and those that it serves or served.
create or replace function visible_subscriptions() returns uuid[]
  language plpgsql stable parallel safe security definer
  set search_path = ${flyway:defaultSchema}, pg_temp as $$
begin
  return array(
    select subscription_id from subscription where tenant_id = viewer_tenant()
    union all
    select direct.subscription_id
    from subscription provider
    cross join lateral (
      select subscription_id from subscription_provider
      where provider_subscription_id = provider.subscription_id and effective_from <= statement_timestamp()
      offset 0) direct
    where provider.tenant_id = viewer_tenant());
end
$$;

-- Those of them whose usage it sees of all times: mostly all of them, and then nothing else is asked for a row.
create function visible_always() returns uuid[]
  language plpgsql stable parallel safe security definer
  set search_path = ${flyway:defaultSchema}, pg_temp as $$
begin
  return array(
    select subscription_id from subscription where tenant_id = viewer_tenant()
    union all
    select direct.subscription_id
    from subscription provider
    cross join lateral (
      select subscription_id from subscription_provider
      where provider_subscription_id = provider.subscription_id and whole
      offset 0) direct
    where provider.tenant_id = viewer_tenant());
end
$$;

-- Whether the viewer serves this subscription at that time.
create function visible_at(subscription uuid, usage_time timestamptz) returns boolean
  language plpgsql stable parallel safe security definer
  set search_path = ${flyway:defaultSchema}, pg_temp as $$
begin
  return exists (
    select from subscription_provider period
    join subscription provider on provider.subscription_id = period.provider_subscription_id
    where period.subscription_id = visible_at.subscription
      and period.effective_from <= visible_at.usage_time and period.effective_to > visible_at.usage_time
      and provider.tenant_id = viewer_tenant());
end
$$;

revoke execute on function viewer_subscriptions, visible_always, visible_at from public;
grant execute on function viewer_subscriptions, visible_always, visible_at
  to ${applicationRole}, ${tenantRole}, ${readOnlyRole}, ${auditorRole};

do $do$
declare
  tenant_policy record;
begin
  for tenant_policy in
    select * from (values ('usage_hourly', 'usage_time'), ('usage_daily', 'usage_time'), ('usage_by_day', 'usage_day'),
      ('usage_report_day', 'usage_day'), ('usage_record', 'usage_hour')) as policies (guarded, used)
  loop
    execute format('alter policy tenant on %I using (subscription_id in (select unnest((select visible_always())))'
      ' or (subscription_id in (select unnest((select visible_subscriptions()))) and visible_at(subscription_id, %I)))',
      tenant_policy.guarded, tenant_policy.used);
  end loop;
end $do$;

create policy gateway on subscription_provider for select to ${applicationRole} using (true);
create policy begins on subscription_provider for insert to ${applicationRole}
  with check (effective_from = '-infinity' or effective_from > clock_timestamp());
create policy ends on subscription_provider for update to ${applicationRole}
  using (effective_to > clock_timestamp()) with check (effective_to > clock_timestamp());
create policy is_withdrawn on subscription_provider for delete to ${applicationRole}
  using (effective_from > clock_timestamp());
create policy reader on subscription_provider for select to ${readOnlyRole} using (true);
-- Of its own subscriptions, and its own periods with others'.
create policy tenant on subscription_provider for select to ${tenantRole}
  using (provider_subscription_id in (select unnest((select viewer_subscriptions())))
    or subscription_id in (select unnest((select viewer_subscriptions()))));

grant select, insert, update (effective_to), delete on subscription_provider to ${applicationRole};
grant select on subscription_provider to ${readOnlyRole};
grant select (subscription_id, provider_subscription_id, effective_from, effective_to, whole)
  on subscription_provider to ${tenantRole};
