-- Ingest at the pace of plain inserts. No table changes.

-- Claims identities for their windows (null: quarantined) and tells which were taken before, by their positions from 1.
-- Hardly any batch has one that was: so it is first tried without ON CONFLICT, whose speculative insertion costs twice
-- as much. One that was taken, or that another transaction is taking, undoes that try alone; nobody's log has a word of
-- it, as it would of an error that the client sees. Both ways insert in the same order: batches never wait for each
-- other in a circle.
create function claim_identities(sources text[], record_ids text[], payload_hashes bytea[], reported_hours timestamptz[])
  returns setof integer
  language plpgsql as $$
begin
  begin
    insert into usage_identity (source, record_id, payload_hash, reported_hour)
    select source, record_id, payload_hash, reported_hour
    from (
      select unnest(sources) as source, unnest(record_ids) as record_id, unnest(payload_hashes) as payload_hash,
        unnest(reported_hours) as reported_hour) as asked
    order by source collate "C", record_id collate "C";
    return;
  exception when unique_violation then
    null;
  end;
  return query
    with asked as materialized (
      select * from unnest(sources, record_ids, payload_hashes, reported_hours) with ordinality
        as asked (source, record_id, payload_hash, reported_hour, position)),
    claimed as (
      insert into usage_identity as i (source, record_id, payload_hash, reported_hour)
      select asked.source, asked.record_id, asked.payload_hash, asked.reported_hour
      from asked
      order by asked.source collate "C", asked.record_id collate "C"
      on conflict do nothing
      returning i.source, i.record_id)
    select asked.position::integer
    from asked
    where not exists (
      select from claimed where claimed.source = asked.source and claimed.record_id = asked.record_id);
end $$;
revoke execute on function claim_identities from public;
grant execute on function claim_identities to ${applicationRole};
