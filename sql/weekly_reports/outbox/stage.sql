-- What: makes the session's staging table of new reports.
-- Reads: nothing.
-- Why: COPY is the fast way in, and cannot itself skip rows that exist.
-- Notes: dropped at the end of the transaction.
create temporary table new_reports (
    user_id text,
    week_start date,
    kind text,
    language text,
    timezone text,
    due_at timestamp with time zone,
    payload jsonb,
    payload_version integer,
    subject text,
    as_of date,
    lake_version integer,
    status text,
    reason text
) on commit drop
