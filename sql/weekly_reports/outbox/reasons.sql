-- What: one row per status and reason of the week with its reports.
-- Reads: analytics_weekly_reports.
-- Why: says why mails did not go.
-- Notes: sent mails have no reason.
select
    status,
    coalesce(reason, '') as reason,
    count(*) as reports
from analytics_weekly_reports
where week_start = %(week)s
group by status, reason
order by status, reports desc, reason
