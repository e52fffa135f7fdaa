-- What: the report of one student and week.
-- Reads: analytics_weekly_reports.
-- Why: preview, explain and the page in the browser show what was frozen.
-- Notes: none.
select
    user_id,
    week_start,
    payload,
    language,
    subject,
    status,
    reason,
    lake_version
from analytics_weekly_reports
where user_id = %(user_id)s and week_start = %(week)s
