-- What operators look at: which source reported for which hours, how late usage came, how long sealing took, and the events
-- of one submission.
--
-- Invariants:
--  26. usage_source_hour has, of each sealed window, the number of its records by source and usage hour. Its rows are
--      written once, in the transaction that seals the window: in sum over its windows a source and usage hour has exactly
--      the records that are sealed, however many gateways seal and wherever one of them dies. There is no grant to change
--      or delete them.
--  27. A window's late_record_count is what invariant 26 has of it for usage hours before the one that ended as it began: usage is
--      reported when its hour is over.
-- A gateway of before does not know late_record_count, which has no default: it cannot seal, and leaves that to those that
-- keep invariant 26.

-- Nobody seals while what is sealed is counted: from here to the end of this transaction. What is read meanwhile goes on: the
-- windows' table is locked only when that is done.
select pg_advisory_xact_lock(hashtextextended('tallygate sealing', 0));

create table usage_source_hour (
  source text collate "C" not null,
  usage_hour timestamptz not null,
  reported_hour timestamptz not null,
  record_count bigint not null check (record_count > 0),
  primary key (source, usage_hour, reported_hour)
);
comment on table usage_source_hour is 'How many records of a usage hour a source reported in a window, once that is sealed';

insert into usage_source_hour (source, usage_hour, reported_hour, record_count)
select source, usage_hour, reported_hour, count(*)
from usage_record
where reported_hour < (select sealed_through from window_state)
group by source, usage_hour, reported_hour;

alter table usage_window add late_record_count bigint, add began_at timestamptz;
comment on column usage_window.late_record_count is 'Records of usage hours before the one that ended as the window began';
comment on column usage_window.began_at is 'When the transaction began that sealed it; null if that was before this was noted';

update usage_window w set late_record_count = late.records
from (
  select all_windows.reported_hour, coalesce(sum(h.record_count), 0) as records
  from usage_window all_windows
  left join usage_source_hour h
    on h.reported_hour = all_windows.reported_hour and h.usage_hour < h.reported_hour - interval '1 hour'
  group by all_windows.reported_hour) late
where late.reported_hour = w.reported_hour;
alter table usage_window alter late_record_count set not null;

-- Last: the ledger is not written to until this is done.
create index delivery_ledger_of_submission on delivery_ledger (submission_id) where submission_id is not null;

grant select, insert on usage_source_hour to ${applicationRole};
grant select on usage_source_hour to ${readOnlyRole};
