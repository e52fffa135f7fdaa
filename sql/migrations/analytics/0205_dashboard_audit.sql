-- What: makes analytics_dashboard_audit, one row per download of personal data.
-- Reads: nothing.
-- Why: who took which rows when; written before the first row leaves.
-- Notes: append-only; a download whose row cannot be written is refused.
create table if not exists analytics_dashboard_audit (
    audit_id bigint generated always as identity primary key,
    occurred_at timestamp with time zone not null default now(),
    login text not null,
    role text not null,
    university text,
    export text not null,
    filters jsonb not null,
    publication bigint not null
)
