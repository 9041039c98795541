-- The audit is a chain: each entry carries the hash of the one before it, so that whoever changes, removes or inserts one
-- has to write all later ones anew, and what the heads of earlier days were is known elsewhere.
--
-- Invariants:
--  14. Entries are numbered from 1 without a gap; each has the hash of the one before it (the first: 32 zero bytes) and
--      its own, audit_hash over all its columns. Nobody but append_audit adds one; nobody changes or removes one.
--  15. audit_head is the last entry's number and hash, and the latest day of an entry. audit_day_head has, for each
--      earlier day with entries, what the head was when the first entry of a later day came.
--
-- append_audit locks the head until its transaction ends: entries follow each other in the order in which they are
-- committed, and one that is rolled back leaves no gap. So it is the last statement of its transaction: whoever has the
-- head waits for nobody, and a long transaction keeps nobody else waiting while it works.

alter table audit_entry alter audit_id drop identity, add previous_hash bytea, add hash bytea;
comment on column audit_entry.audit_id is 'The place in the chain, from 1';

create table audit_head (
  singleton boolean primary key default true check (singleton),
  audit_id bigint not null,
  hash bytea not null check (octet_length(hash) = 32),
  day date
);
comment on table audit_head is 'One row: the last entry; 0 and zero bytes before the first';
insert into audit_head (audit_id, hash) values (0, decode(repeat('00', 32), 'hex'));

create table audit_day_head (
  day date primary key,
  audit_id bigint not null,
  hash bytea not null check (octet_length(hash) = 32)
);
comment on table audit_day_head is 'The head as each UTC day left it; the latest day is in audit_head';

-- A field of what is hashed: its length as four bytes, then its bytes. So no two entries have the same text in different
-- fields. Null has the length -1.
create function audit_field(field bytea) returns bytea
  language sql immutable parallel safe as $$
  select case when field is null then int4send(-1) else int4send(octet_length(field)) || field end
$$;

-- Texts are UTF-8, the time is in microseconds since 1970, numbers are eight bytes, big end first. A change of this form
-- is another version in its first field.
create function audit_hash(
    previous bytea, id bigint, moment timestamptz, tenant uuid, subject text, action text, target text, reason text,
    detail text, correlation text)
  returns bytea
  language sql immutable parallel safe as $$
  select sha256(
    audit_field('tallygate audit 1'::bytea)
    || audit_field(previous)
    || audit_field(int8send(id))
    || audit_field(int8send((extract(epoch from moment) * 1000000)::bigint))
    || audit_field(uuid_send(tenant))
    || audit_field(convert_to(subject, 'UTF8'))
    || audit_field(convert_to(action, 'UTF8'))
    || audit_field(convert_to(target, 'UTF8'))
    || audit_field(convert_to(reason, 'UTF8'))
    || audit_field(convert_to(detail, 'UTF8'))
    || audit_field(convert_to(correlation, 'UTF8')))
$$;

-- Appends an entry; tells the head of the day that it ends, if it ends one: a clock that was put back ends none twice. It
-- runs as the owner, since the application role may not insert. The clock is read with the lock held: the order of times
-- is that of the chain, unless the clock itself was put back.
create function append_audit(
    tenant uuid, subject text, action text, target text, reason text, detail text, correlation text,
    out ended_day date, out ended_id bigint, out ended_hash bytea)
  language plpgsql security definer set search_path = ${flyway:defaultSchema}, pg_temp as $$
declare
  head audit_head;
  id bigint;
  moment timestamptz;
  today date;
  digest bytea;
begin
  select * into strict head from audit_head for update;
  perform set_config('idle_in_transaction_session_timeout', '5s', true);
  id := head.audit_id + 1;
  moment := clock_timestamp();
  today := (moment at time zone 'UTC')::date;
  if head.day < today then
    insert into audit_day_head (day, audit_id, hash) values (head.day, head.audit_id, head.hash);
    ended_day := head.day;
    ended_id := head.audit_id;
    ended_hash := head.hash;
  end if;
  digest := audit_hash(head.hash, id, moment, tenant, subject, action, target, reason, detail, correlation);
  insert into audit_entry (audit_id, recorded_at, tenant_id, subject, action, target, reason, detail, correlation_id,
    previous_hash, hash)
  values (id, moment, tenant, subject, action, target, reason, detail, correlation, head.hash, digest);
  update audit_head set audit_id = id, hash = digest, day = greatest(head.day, today);
end $$;

-- What was there before is chained in its order. Its numbers may have had gaps, from what was rolled back: they move up.
do $$
declare
  entry audit_entry;
  last_id bigint := 0;
  last_hash bytea := decode(repeat('00', 32), 'hex');
  last_day date;
  today date;
begin
  for entry in select * from audit_entry order by audit_id loop
    today := (entry.recorded_at at time zone 'UTC')::date;
    if last_day < today then
      insert into audit_day_head (day, audit_id, hash) values (last_day, last_id, last_hash);
    end if;
    last_day := greatest(last_day, today);
    update audit_entry
    set audit_id = last_id + 1, previous_hash = last_hash,
      hash = audit_hash(last_hash, last_id + 1, entry.recorded_at, entry.tenant_id, entry.subject, entry.action,
        entry.target, entry.reason, entry.detail, entry.correlation_id)
    where audit_id = entry.audit_id
    returning audit_id, hash into last_id, last_hash;
  end loop;
  update audit_head set audit_id = last_id, hash = last_hash, day = last_day;
end $$;

alter table audit_entry
  alter previous_hash set not null, add check (octet_length(previous_hash) = 32),
  alter hash set not null, add check (octet_length(hash) = 32);
-- What is asked for beside the place: whose entries, those of a time, what happened to one thing, all of one kind.
create index audit_entry_of_tenant on audit_entry (tenant_id, audit_id);
create index audit_entry_of_time on audit_entry (recorded_at);
create index audit_entry_of_target on audit_entry using hash (target);
create index audit_entry_of_action on audit_entry (action, audit_id);

-- A tenant sees what its own callers did, and were refused.
create policy tenant on audit_entry for select to ${tenantRole} using (tenant_id = (select viewer_tenant()));
grant select on audit_entry to ${tenantRole};

revoke insert on audit_entry from ${applicationRole};
revoke execute on function audit_field, audit_hash, append_audit from public;
grant execute on function append_audit to ${applicationRole};
grant select on audit_head, audit_day_head to ${applicationRole}, ${readOnlyRole}, ${auditorRole};
-- Auditors may ask Postgres itself for an entry's hash.
grant execute on function audit_field, audit_hash to ${readOnlyRole}, ${auditorRole};
