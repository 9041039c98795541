-- The second wall, faster: who may be seen is asked once or twice a page, and a function in SQL is planned each time that it
-- is called, which took longer than to run it. In PL/pgSQL a session plans it once. What they answer is the same.

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
      select subscription_id from subscription where provider_subscription_id = provider.subscription_id offset 0) direct
    where provider.tenant_id = viewer_tenant());
end
$$;

create or replace function visible_payers() returns setof uuid
  language plpgsql stable parallel safe security definer rows 100
  set search_path = ${flyway:defaultSchema}, pg_temp as $$
begin
  return query
    select granted.payer
    from usage_grant, unnest(customer_subscriptions) as granted (payer)
    where tenant_id = viewer_tenant() and revoked_at is null
      and (expires_at is null or expires_at > statement_timestamp())
      and not exists (select from registration where subscription_id = granted.payer);
end
$$;
