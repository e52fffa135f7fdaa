-- What: one row per status of the week with its reports.
-- Reads: analytics_weekly_reports.
-- Why: the states sum to the audience, and anybody may check.
-- Notes: none.
select
    status,
    count(*) as reports
from analytics_weekly_reports
where week_start = %(week)s
group by status
order by status
