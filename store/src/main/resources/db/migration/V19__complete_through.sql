-- What users see of collected usage: through when an answer is complete; sources that are no longer collected; windows that
-- are pulled again.
--
-- Invariants:
--  55. All records of a window that is collected are in windows of this gateway that end at stored_through or before, but
--      for those in quarantine. It is set by the statement that marks the window, and again when another pull brought
--      more: so an answer up to E has all that a source reported before its first window that is not collected, or is stored
--      through later than E. A gateway of before does not set it: such a window counts as stored a day later, since windows
--      are sealed ahead by a day at most.
--  56. Only a source that no gateway collects is ended: there is no lease on it, and none had it in its configuration
--      lately (seen_at). Nobody claims a window of it. It is opened again by a gateway that has it, and goes on where it was.
--  57. A window that is pulled again stays collected: what is complete does not go back. Its counts are sums over its pulls.

alter table collect_source
  add seen_at timestamptz,
  add trouble text,
  add ended_at timestamptz;
comment on column collect_source.seen_at is 'When a gateway last had it in its configuration; at most a minute old while one has';
comment on column collect_source.trouble is 'Why that gateway does not collect it; null if it does';
comment on column collect_source.ended_at is 'It is history: nothing waits for it any more';

alter table collect_window
  add stored_through timestamptz check (stored_through = date_trunc('hour', stored_through, 'UTC')),
  add again_at timestamptz;
alter table collect_window
  drop constraint collect_window_check2,
  add check (collected_at is null or lease_token is null or again_at is not null),
  add check (stored_through is null or collected_at is not null),
  add check (again_at is null or collected_at is not null);
comment on column collect_window.stored_through is 'The end of this gateway''s last window that may have a record of it';
comment on column collect_window.again_at is 'When somebody wished it to be pulled again; null once it is';

drop index collect_window_open;
create index collect_window_open on collect_window (source, window_start) where collected_at is null or again_at is not null;
create index collect_window_stored on collect_window (source, stored_through) include (window_start, collected_at);

grant select (ended_at) on collect_source to ${tenantRole};
