-- After every `tallygate migrate`: says the version where the application may read it. Only the schema's owner may; where
-- that is somebody else, nothing is said, which is no reason to fail.
do $$
begin
  execute format('comment on schema ${flyway:defaultSchema} is %L',
    'Tallygate, schema version ' || (select max(version::integer) from flyway_schema_history where success));
exception when insufficient_privilege then
  raise notice 'The schema belongs to somebody else: its comment does not say the version';
end $$;
