-- Who is signed in to the portal: a browser has a cookie with 256 random bits, and the gateway what the cookie stands for.
--
-- Invariants:
--  22. Neither the cookie nor a token is in the database: of the cookie the SHA-256 of its random bits, of the tokens what is
--      sealed (AES-256-GCM) under a secret of the gateways' settings and for this row alone. Whoever has the table has no
--      session, and a sealed text that is moved to another row opens nothing.
--  23. A session is over at its time, or when it was not used for the idle time of the settings, or when its row is gone; the
--      row is read at each request, so that a sign-out counts on all gateways at once. Rows that are over are removed by
--      whoever signs in next.
--  24. Tokens are renewed by one gateway at a time: under the lock of the row.

create table portal_session (
  session_hash bytea primary key check (octet_length(session_hash) = 32),
  tenant_id uuid not null,
  subject text not null,
  sealed_tokens bytea not null,
  renew_at timestamptz not null,
  token_expires_at timestamptz not null,
  created_at timestamptz not null default clock_timestamp(),
  last_used_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null
);
comment on column portal_session.session_hash is 'SHA-256 of the random bits in the cookie';
comment on column portal_session.renew_at is 'From then on the access token is renewed before it is used';
comment on column portal_session.last_used_at is 'To the minute: each gateway writes it once a minute at most';
comment on column portal_session.expires_at is 'Whatever is done with it';
create index portal_session_of_subject on portal_session (tenant_id, subject, created_at);
create index portal_session_by_end on portal_session (expires_at);

grant select, insert, update (sealed_tokens, renew_at, token_expires_at, last_used_at), delete on portal_session
  to ${applicationRole};
-- All but what a session is proven and kept with.
grant select (tenant_id, subject, renew_at, token_expires_at, created_at, last_used_at, expires_at) on portal_session
  to ${readOnlyRole};

alter table portal_session enable row level security, force row level security;
create policy gateway on portal_session to ${applicationRole}, current_user using (true) with check (true);
create policy reader on portal_session for select to ${readOnlyRole} using (true);
