-- What: one row per given student who has a report of the week already.
-- Reads: analytics_weekly_reports.
-- Why: what is frozen need not be computed again.
-- Notes: none.
select user_id
from analytics_weekly_reports
where week_start = %(week)s and user_id = any(%(users)s)
