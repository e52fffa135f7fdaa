-- What: makes analytics_mail_suppressions, one row per student or address that gets no weekly mail.
-- Reads: nothing.
-- Why: an unsubscribe, a hard bounce or a complaint holds at once, before the next export.
-- Notes: of an address only a keyed hash is kept.
create table analytics_mail_suppressions (
    scope text not null check (scope in ('user', 'address')),
    key text not null,
    reason text not null,
    created_at timestamp with time zone not null default now(),
    primary key (scope, key)
)
