-- Usage that arrives as files in a directory: which file is where on its way, and which contents are stored.
--
-- Invariants:
--  39. A content is collected only after it was read to its end without a fault and every record of it has its outcome in a
--      transaction that is committed. Whoever dies before that leaves it as it was, and it is read again.
--  40. Of all gateways together one at a time is at a file. Only with the token of its latest lease a file is renewed, given
--      back, failed or taken.
--  41. A content is stored under one name for good: the one under which it was begun first, before its first record. The
--      identities of its records follow from that name. So the same content under another name adds nothing, even when the
--      first was never read to its end. Of all files that have it one at a time is stored.
--  42. Another content under the same name is stored under the same name: its records have the identities of those before,
--      so that a figure that changed is a conflict, and never usage twice.
--  43. A file is taken as it was seen: if it is another by then, it waits again.
--  44. Of a source of files nobody knows what has not arrived: it has no windows, no begin, and is complete through nothing.

alter table collect_source
  alter begins_at drop not null, alter planned_through drop not null, alter window_seconds drop not null,
  add check (num_nulls(begins_at, planned_through, window_seconds) in (0, 3));
comment on column collect_source.window_seconds is 'Null for a source of files';

create table collect_content (
  source text not null references collect_source,
  sha256 bytea not null check (length(sha256) = 32),
  name text not null,
  size bigint not null check (size >= 0),
  begun_at timestamptz not null default clock_timestamp(),
  begun_by bigint not null,
  collected_at timestamptz,
  row_count bigint,
  skipped bigint,
  accepted bigint,
  duplicate bigint,
  conflict bigint,
  quarantined bigint,
  rejected bigint,
  problem text,
  primary key (source, sha256),
  check ((collected_at is null) = (row_count is null))
);
comment on table collect_content is 'What was in files that usage was taken from; never changes once it is collected';
comment on column collect_content.name is 'Under which it is stored; files with the same content may have others';
comment on column collect_content.begun_by is 'The lease of the file that it was begun from last';
comment on column collect_content.row_count is 'All rows, those that are no usage (skipped) included; a row of a day is several records';
comment on column collect_content.problem is 'What the first record was refused for';

create table collect_file (
  source text not null references collect_source,
  name text not null check (length(name) between 1 and 255),
  seen text not null,
  arrived boolean not null,
  seen_at timestamptz not null default clock_timestamp(),
  next_attempt_at timestamptz not null default clock_timestamp(),
  leased_until timestamptz,
  lease_token bigint,
  attempts integer not null default 0,
  failed_at timestamptz,
  problem text,
  taken_at timestamptz,
  sha256 bytea,
  primary key (source, name),
  foreign key (source, sha256) references collect_content,
  check ((lease_token is null) = (leased_until is null)),
  check ((problem is null) = (failed_at is null)),
  check ((taken_at is null) = (sha256 is null)),
  check (taken_at is null or lease_token is null and problem is null)
);
comment on table collect_file is 'The files of a directory, as they were last seen there';
comment on column collect_file.seen is 'Size and times of the file and of what goes with it: it is another file when that changes';
comment on column collect_file.seen_at is 'Since when it is as it is';
comment on column collect_file.arrived is 'Whether it is all there; one that is not waits';
create index collect_file_waiting on collect_file (source, next_attempt_at, name) where taken_at is null;

-- Names of files are nobody's but the operator's: tenants see nothing of them.
alter table collect_content enable row level security, force row level security;
alter table collect_file enable row level security, force row level security;
create policy gateway on collect_content to ${applicationRole}, current_user using (true) with check (true);
create policy gateway on collect_file to ${applicationRole}, current_user using (true) with check (true);
create policy reader on collect_content for select to ${readOnlyRole} using (true);
create policy reader on collect_file for select to ${readOnlyRole} using (true);

grant select, insert, update on collect_content to ${applicationRole};
grant select, insert, update, delete on collect_file to ${applicationRole};
grant select on collect_content, collect_file to ${readOnlyRole};
