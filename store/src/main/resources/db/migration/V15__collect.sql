-- Usage that is collected from other clouds: which windows of each source are stored, and who is at which.
--
-- Invariants:
--  35. A window is collected only after each page of it was read to its end and every record of them has its outcome in a
--      transaction that is committed. Whoever dies before that leaves it as it was, and it is pulled again.
--  36. The windows of a source follow each other without a gap from begins_at to planned_through. Complete is a source
--      through the start of its first window that is not collected, or through planned_through. That never goes back.
--  37. Of all gateways together at most so many windows of a source are under way as its concurrency says, and one after
--      failures: to claim one is to lock the source's row first and to count only then. Only with the token of its latest
--      lease a window is renewed, given back or collected.
--  38. Pulling a window again adds nothing, for a record's identity is a function of what the source said.

create sequence collect_lease;

create table collect_source (
  source text primary key check (source ~ '^[a-z][a-z0-9-]{0,30}$'),
  registration_id bigint references registration on delete set null,
  begins_at timestamptz not null check (begins_at = date_trunc('hour', begins_at, 'UTC')),
  planned_through timestamptz not null check (planned_through >= begins_at),
  window_seconds integer not null check (window_seconds in (3600, 86400)),
  failures integer not null default 0,
  failure text,
  failed_at timestamptz,
  succeeded_at timestamptz,
  paused_until timestamptz,
  wished_until timestamptz,
  check ((failure is null) = (failed_at is null))
);
comment on table collect_source is 'The sources that usage is collected from, by their names in the configuration';
comment on column collect_source.failures is 'In a row; the last one is told in failure, however long ago it was';
comment on column collect_source.paused_until is 'It failed so often: before that nobody asks it anything';
comment on column collect_source.wished_until is 'It said so itself: before that nobody asks it anything, whatever goes well meanwhile';

create table collect_window (
  source text not null references collect_source,
  window_start timestamptz not null,
  window_end timestamptz not null check (window_end > window_start),
  next_attempt_at timestamptz not null,
  leased_until timestamptz,
  lease_token bigint,
  attempts integer not null default 0,
  collected_at timestamptz,
  row_count bigint,
  accepted bigint,
  duplicate bigint,
  conflict bigint,
  quarantined bigint,
  rejected bigint,
  problem text,
  primary key (source, window_start),
  check ((lease_token is null) = (leased_until is null)),
  check (collected_at is null or lease_token is null),
  check ((collected_at is null) = (row_count is null))
);
comment on table collect_window is 'Time, as the source reports, that is pulled as one';
comment on column collect_window.row_count is 'The source''s rows of the pull that ended well; a row of a day is several records';
comment on column collect_window.problem is 'What the first record was refused for';
create index collect_window_open on collect_window (source, window_start) where collected_at is null;

-- The sources of the registrations that the viewer's own subscriptions are of.
create function visible_sources() returns text[]
  language plpgsql stable parallel safe security definer
  set search_path = ${flyway:defaultSchema}, pg_temp as $$
begin
  return array(
    select source from collect_source
    where registration_id in (select registration_id from subscription where tenant_id = viewer_tenant()));
end
$$;
revoke execute on function visible_sources from public;
grant execute on function visible_sources to ${applicationRole}, ${tenantRole}, ${readOnlyRole};

-- A tenant sees through when they are complete, and nothing else of them.
alter table collect_source enable row level security, force row level security;
alter table collect_window enable row level security, force row level security;
create policy gateway on collect_source to ${applicationRole}, current_user using (true) with check (true);
create policy gateway on collect_window to ${applicationRole}, current_user using (true) with check (true);
create policy reader on collect_source for select to ${readOnlyRole} using (true);
create policy reader on collect_window for select to ${readOnlyRole} using (true);
create policy tenant on collect_source for select to ${tenantRole}
  using (source in (select unnest((select visible_sources()))));
create policy tenant on collect_window for select to ${tenantRole}
  using (source in (select unnest((select visible_sources()))));

grant select, insert, update on collect_source, collect_window to ${applicationRole};
grant usage on sequence collect_lease to ${applicationRole};
grant select on collect_source, collect_window to ${readOnlyRole};
grant select (source, registration_id, planned_through) on collect_source to ${tenantRole};
grant select (source, window_start, collected_at) on collect_window to ${tenantRole};
