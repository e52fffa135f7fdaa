-- What: one row per report of the week whose outcome is unknown.
-- Reads: analytics_weekly_reports.
-- Why: a person, or the provider's event record, decides.
-- Notes: none.
select
    user_id,
    reason,
    claimed_at
from analytics_weekly_reports
where week_start = %(week)s and status = 'unknown'
order by user_id
