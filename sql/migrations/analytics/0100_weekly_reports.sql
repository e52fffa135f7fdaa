-- What: makes analytics_weekly_reports, one row per student of the audience and reported week.
-- Reads: nothing.
-- Why: the outbox and ledger of the weekly mail; the key is what makes a second mail impossible.
-- Notes: names no catalogue row, so that a catalogue change never blocks or removes a sent report.
create table analytics_weekly_reports (
    user_id text not null,
    week_start date not null check (extract(isodow from week_start) = 1),
    kind text not null check (kind in ('full', 'first', 'quiet')),
    language text not null,
    timezone text not null,
    due_at timestamp with time zone not null,
    payload jsonb not null,
    payload_version integer not null check (payload_version >= 1),
    template_version text,
    subject text not null,
    as_of date not null,
    lake_version integer not null check (lake_version >= 1),
    status text not null default 'ready' check (
        status in ('ready', 'claimed', 'sent', 'failed', 'suppressed', 'unknown', 'expired')
    ),
    reason text,
    attempts integer not null default 0 check (attempts >= 0),
    backend text,
    message_id text,
    claimed_by text,
    claimed_at timestamp with time zone,
    sent_at timestamp with time zone,
    created_at timestamp with time zone not null default now(),
    updated_at timestamp with time zone not null default now(),
    primary key (user_id, week_start)
)
