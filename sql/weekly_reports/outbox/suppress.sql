-- What: marks the given students' ready reports of the week as suppressed.
-- Reads: analytics_weekly_reports.
-- Why: a mail that may not go is an outcome, not a gap.
-- Notes: only ready rows; what went cannot be called back.
update analytics_weekly_reports as report
set status = 'suppressed', reason = given.reason, updated_at = now()
from unnest(%(users)s::text[], %(reasons)s::text[]) as given (user_id, reason)
where
    report.week_start = %(week)s
    and report.user_id = given.user_id
    and report.status = 'ready'
