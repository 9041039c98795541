-- The second wall: what a tenant reads is filtered once more, by Postgres, with the tenant of the caller's token.
--
-- Invariants:
--  11. Every table with a column that names a tenant or a subscription has row level security, enabled and forced: who
--      has no policy on it sees no row of it, its owner included.
--  12. The tenant role only reads, and of each table only the rows whose tenant or subscription is its viewer's. The
--      viewer is the setting tallygate.tenant of the transaction, put there from the caller's token and never from what
--      is asked; where it is not set, nothing is visible.
--  13. Nobody but the owner has a right on a partition: rows are reached through their table, where the policies are.
--
-- The gateway's own work is done by the application role, whose policy is true and costs nothing: the planner drops it.
-- For a tenant's reads it becomes the tenant role for one transaction (set local role). The owner has the same open
-- policy, since foreign keys, later migrations and visible_subscriptions() run as the owner; but pg_dump, which
-- refuses to leave out rows, needs a role with BYPASSRLS or a superuser.
--
-- The read-only role reads everything but secrets, the auditor role the audit and the ledger. The three are groups
-- without a login. A table that comes later brings its own policies, and its grants to them.

-- Null where no tenant looks: an empty text is what is left of the setting on a connection that had it once.
create function viewer_tenant() returns uuid
  language sql stable parallel safe as $$
  select nullif(current_setting('tallygate.tenant', true), '')::uuid
$$;

-- The viewer's own subscriptions and the direct tenants of its provider subscriptions. It runs as the owner: a policy on
-- subscription that read subscription itself would need itself. Policies ask it in a subquery of its own, which refers to
-- no row: it runs once a statement, and rows are looked up in a hash of what it answered, one for each partition. It
-- answers with an array since a set would be asked for again by each partition, and a call costs more than a small page.
create function visible_subscriptions() returns uuid[]
  language sql stable parallel safe security definer
  set search_path = ${flyway:defaultSchema}, pg_temp as $$
  select array(
    select subscription_id from subscription where tenant_id = viewer_tenant()
    union all
    select direct.subscription_id
    from subscription provider
    join subscription direct on direct.provider_subscription_id = provider.subscription_id
    where provider.tenant_id = viewer_tenant())
$$;

-- Where usage begins: so that a walk through windows does not begin before there are any.
create function first_hour() returns timestamptz
  language sql stable parallel safe security definer
  set search_path = ${flyway:defaultSchema}, pg_temp as $$
  select first_hour from window_state
$$;

revoke execute on function viewer_tenant, visible_subscriptions, first_hour from public;
grant execute on function viewer_tenant, visible_subscriptions, first_hour to ${applicationRole}, ${tenantRole}, ${readOnlyRole}, ${auditorRole};
grant usage on schema ${flyway:defaultSchema} to ${tenantRole}, ${readOnlyRole}, ${auditorRole};

do $do$
declare
  application constant text := $role$ ${applicationRole} $role$;
  read_only constant text := $role$ ${readOnlyRole} $role$;
  guarded text;
begin
  foreach guarded in array array['subscription', 'instance', 'usage_record', 'quarantined_record', 'conflicting_record',
      'usage_hourly', 'usage_daily', 'registration', 'customer_subscription', 'routed_usage', 'routed_daily',
      'routed_exclusion', 'event_row', 'delivery_event', 'delivery_slot', 'delivery_ledger', 'payer_hold', 'audit_entry']
  loop
    execute format('alter table %I enable row level security, force row level security', guarded);
    execute format('create policy gateway on %I to %s, current_user using (true) with check (true)', guarded, application);
    execute format('create policy reader on %I for select to %s using (true)', guarded, read_only);
  end loop;
end $do$;

create policy tenant on subscription for select to ${tenantRole}
  using (subscription_id in (select unnest((select visible_subscriptions()))));
create policy tenant on usage_hourly for select to ${tenantRole}
  using (subscription_id in (select unnest((select visible_subscriptions()))));
create policy tenant on usage_daily for select to ${tenantRole}
  using (subscription_id in (select unnest((select visible_subscriptions()))));
grant select on subscription, usage_hourly, usage_daily to ${tenantRole};

create policy auditor on delivery_ledger for select to ${auditorRole} using (true);
create policy auditor on audit_entry for select to ${auditorRole} using (true);
grant select on delivery_ledger, audit_entry to ${auditorRole};

grant select on window_state, usage_window, subscription, meter, instance, usage_identity, usage_record,
  quarantined_record, conflicting_record, usage_hourly, usage_daily, audit_entry, customer_subscription, routing_state,
  routed_usage, routed_daily, routed_exclusion, event_row, delivery_event, delivery_slot, delivery_ledger, payer_hold,
  endpoint_pause, delivery_hold to ${readOnlyRole};
-- All but the token's hash and the activation key.
grant select (registration_id, subscription_id, resource_group, name, location, tags, billing_model, multi_tenant,
  object_id, cloud_id, revision, created_at, updated_at, delivery_endpoint) on registration to ${readOnlyRole};
