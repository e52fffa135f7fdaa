-- What: adds the staged reports: ready, or failed where none could be chosen.
-- Reads: new_reports.
-- Why: the primary key makes a second report for the same student and week impossible.
-- Notes: a row that exists stays as it is, whatever the newer numbers say.
insert into analytics_weekly_reports (
    user_id, week_start, kind, language, timezone, due_at, payload, payload_version, subject,
    as_of, lake_version, status, reason
)
select
    user_id, week_start, kind, language, timezone, due_at, payload, payload_version, subject,
    as_of, lake_version, status, reason
from new_reports
order by user_id
on conflict (user_id, week_start) do nothing
