-- Ways in beside tokens: API keys, for tools that cannot send a token, and grants, for readers outside the operator's
-- tenant. Statements on usage_grant live in the module routing.
--
-- Invariants:
--  16. The text of an API key is nowhere in the database: only the SHA-256 of it, of which 256 bits are random. There is
--      no grant to change anything of a key but when it was used and that it is revoked.
--  17. A key only reads: it has read roles (a check), its tenant and its subscriptions for ever. What it may read of them
--      is asked of the caller's walls at each request, as for a token: a key never widens what its tenant sees.
--  18. A grant shows the routed usage of customer subscriptions to one tenant, or one subject of it, as long as it is
--      neither revoked nor over; never that of a registration's own subscription, which everyone falls back to.
--      visible_payers() says so to the second wall, for the tenant, and the statement of the first wall for the subject.
--  19. Revoking is final and keeps the row: who could read what, and when, can be told afterwards. Creating and revoking
--      are audited in their transactions.

create table api_key (
  key_id uuid primary key,
  key_hash bytea not null check (octet_length(key_hash) = 32),
  made_under bytea not null check (octet_length(made_under) = 4),
  tenant_id uuid not null,
  display_name text not null,
  subscriptions uuid[] not null check (cardinality(subscriptions) between 1 and 100),
  roles text[] not null
    check (cardinality(roles) > 0 and roles <@ array['Usage.Read', 'Usage.Read.All', 'Usage.Read.Routed']),
  created_at timestamptz not null default clock_timestamp(),
  created_by text not null,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  revoked_by text,
  last_used_at timestamptz,
  check ((revoked_at is null) = (revoked_by is null))
);
comment on column api_key.made_under is
  'Names the setting apiKeys.secret under which it was made: a key is taken while that secret is configured';
comment on column api_key.roles is 'The read roles of who made it, at that time';
comment on column api_key.created_by is 'The subject of who made it: grants to that subject count for the key';
comment on column api_key.last_used_at is 'To the minute: each gateway writes it once a minute at most';
create index api_key_of_tenant on api_key (tenant_id, key_id);

create table usage_grant (
  grant_id uuid primary key,
  tenant_id uuid not null,
  subject text,
  customer_subscriptions uuid[] not null check (cardinality(customer_subscriptions) between 1 and 100),
  reason text not null,
  created_at timestamptz not null default clock_timestamp(),
  created_by text not null,
  expires_at timestamptz,
  revoked_at timestamptz,
  revoked_by text,
  check ((revoked_at is null) = (revoked_by is null))
);
comment on column usage_grant.tenant_id is 'The directory tenant that may read';
comment on column usage_grant.subject is 'Null for everyone of that tenant';
create index usage_grant_of_tenant on usage_grant (tenant_id, grant_id);

-- The customer subscriptions whose routed usage is shown to the viewer's tenant. It runs as the owner, once a statement.
create function visible_payers() returns setof uuid
  language sql stable parallel safe security definer rows 100
  set search_path = ${flyway:defaultSchema}, pg_temp as $$
  select granted.payer
  from usage_grant, unnest(customer_subscriptions) as granted (payer)
  where tenant_id = viewer_tenant() and revoked_at is null
    and (expires_at is null or expires_at > statement_timestamp())
    and not exists (select from registration where subscription_id = granted.payer)
$$;
revoke execute on function visible_payers from public;
grant execute on function visible_payers to ${applicationRole}, ${tenantRole}, ${readOnlyRole};

grant select, insert, update (last_used_at, revoked_at, revoked_by) on api_key to ${applicationRole};
grant select, insert, update (revoked_at, revoked_by) on usage_grant to ${applicationRole};
-- All but the hash: a tenant sees its keys, and what it was granted.
grant select (key_id, made_under, tenant_id, display_name, subscriptions, roles, created_at, created_by, expires_at,
  revoked_at, revoked_by, last_used_at) on api_key to ${tenantRole}, ${readOnlyRole};
grant select on usage_grant to ${readOnlyRole};

alter table api_key enable row level security, force row level security;
alter table usage_grant enable row level security, force row level security;
create policy gateway on api_key to ${applicationRole}, current_user using (true) with check (true);
create policy gateway on usage_grant to ${applicationRole}, current_user using (true) with check (true);
create policy reader on api_key for select to ${readOnlyRole} using (true);
create policy reader on usage_grant for select to ${readOnlyRole} using (true);
create policy tenant on api_key for select to ${tenantRole} using (tenant_id = (select viewer_tenant()));

create policy tenant on routed_usage for select to ${tenantRole}
  using (payer_subscription_id in (select visible_payers()));
create policy tenant on routed_daily for select to ${tenantRole}
  using (payer_subscription_id in (select visible_payers()));
grant select on routed_usage, routed_daily to ${tenantRole};
