-- What is missing: hours in which a resource has nothing between others, sources that went silent, counts that fell.
--
-- Invariants:
--  45. gap_series has, of each subscription, meter and resource (whatever its case, and whatever its tags), the usage hours that
--      the sealed windows before gap_state.folded_through brought, as far back as is looked at. A window is folded in once, in the
--      transaction that moves folded_through past it. Only who holds the lock "tallygate gaps" folds or looks; nobody waits for it,
--      and neither taking records nor sealing takes a lock that it takes.
--  46. Hours are looked at when they are complete: all windows until so long after them are folded in (the patience), of which none
--      was sealed late just now, as by a gateway that was away; and the sources that their registration is collected from are
--      complete through then (invariant 36) by windows that were stored before the last one that is folded in.
--  47. A finding that is not cleared has only hours of which no window that is folded in has usage (of fallenCount: as much as it
--      should). With the usage of one of its hours it becomes smaller, or two, or is cleared: of a resource in the transaction that
--      folds the usage in, of a source with the next look. Of one resource, or of one source and kind, no two that are not cleared
--      have an hour in common: whoever looks, and how often, a hole is one finding.
--  48. What is cleared never changes again: the same hole would be a new finding. An acknowledgement stays with what is left.
--  49. A finding goes when usage of all its hours is dropped (invariant 29), and its rows on both sides are found as long as they are
--      kept: it names hours, and who shows it looks for the rows.

create table gap_state (
  singleton boolean primary key default true check (singleton),
  folded_through timestamptz check (folded_through = date_trunc('hour', folded_through, 'UTC')),
  looked_at timestamptz
);
comment on table gap_state is 'One row: which windows are folded into gap_series, and when gaps were looked for last';
insert into gap_state default values;

-- Its rows are updated in place, on pages with room for it: each hour nearly all of them.
create table gap_series (
  subscription_id uuid not null,
  meter_key integer not null,
  resource_key uuid not null,
  instance_id bigint not null,
  source text collate "C" not null,
  hours tstzmultirange not null check (not isempty(hours)),
  late_at timestamptz,
  primary key (subscription_id, meter_key, resource_key)
) with (fillfactor = 70);
comment on table gap_series is 'In which hours a resource was used; one range where none is missing';
comment on column gap_series.resource_key is 'MD5 of the resource''s URI in lower case';
comment on column gap_series.instance_id is 'One of the resource''s instances, for its URI';
comment on column gap_series.source is 'Who reported it last';
comment on column gap_series.late_at is 'The last window that brought hours which come late or all at once: more may be on their way';

create table gap_finding (
  gap_id bigint generated always as identity primary key,
  kind text not null check (kind in ('missingHours', 'silentSource', 'fallenCount')),
  source text collate "C" not null,
  subscription_id uuid,
  meter_key integer,
  resource_key uuid,
  instance_id bigint,
  from_hour timestamptz not null check (from_hour = date_trunc('hour', from_hour, 'UTC')),
  to_hour timestamptz check (to_hour > from_hour and to_hour = date_trunc('hour', to_hour, 'UTC')),
  first_seen timestamptz not null default clock_timestamp(),
  acknowledged_at timestamptz,
  acknowledged_by text,
  reason text,
  cleared_at timestamptz,
  check (to_hour is not null or kind = 'silentSource'),
  check (num_nulls(subscription_id, meter_key, resource_key, instance_id) = case kind when 'missingHours' then 0 else 4 end),
  check (num_nulls(acknowledged_at, acknowledged_by, reason) in (0, 3)),
  -- Looked at when a statement is done: one makes a finding smaller and puts its other half beside it.
  exclude using gist (subscription_id with =, meter_key with =, resource_key with =, tstzrange(from_hour, to_hour) with &&)
    where (cleared_at is null) deferrable,
  exclude using gist (source with =, kind with =, tstzrange(from_hour, to_hour) with &&)
    where (cleared_at is null and kind <> 'missingHours') deferrable
);
comment on table gap_finding is 'Usage hours that are missing; of a source where there is no subscription';
comment on column gap_finding.to_hour is 'The first hour that is not missing; null while a source is silent';
create index gap_finding_open on gap_finding (kind) where cleared_at is null and acknowledged_at is null;

grant select, update (folded_through, looked_at) on gap_state to ${applicationRole};
grant select, insert, update, delete on gap_series to ${applicationRole};
grant select, insert, delete, update (from_hour, to_hour, acknowledged_at, acknowledged_by, reason, cleared_at) on gap_finding
  to ${applicationRole};
grant select on gap_state, gap_series, gap_finding to ${readOnlyRole};

do $do$
declare
  guarded text;
begin
  foreach guarded in array array['gap_series', 'gap_finding'] loop
    execute format('alter table %I enable row level security, force row level security', guarded);
    execute format('create policy gateway on %I to %s, current_user using (true) with check (true)', guarded,
      $role$ ${applicationRole} $role$);
    execute format('create policy reader on %I for select to %s using (true)', guarded, $role$ ${readOnlyRole} $role$);
  end loop;
end $do$;
