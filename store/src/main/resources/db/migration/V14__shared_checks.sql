-- The books are checked by one gateway an interval, however many there are: a check reads the rows of a week.
--
-- Invariants:
--  33. Who checks has moved taken_at in a transaction of its own, from a time that was at least the interval ago: of all
--      gateways one does so in an interval. One that dies meanwhile costs that check; the next is taken by another.
--  34. checked_at and balanced are of one check, the last one that ended: every gateway tells them in its metrics.

create table book_check (
  singleton boolean primary key default true check (singleton),
  taken_at timestamptz,
  checked_at timestamptz,
  balanced boolean,
  check ((checked_at is null) = (balanced is null))
);
comment on table book_check is 'One row: when a gateway last took it upon itself to check the books, and what the last check found';
insert into book_check default values;

grant select, update (taken_at, checked_at, balanced) on book_check to ${applicationRole};
grant select on book_check to ${readOnlyRole};
