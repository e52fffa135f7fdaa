-- What: one row per send time of the week with the ready reports that wait for it.
-- Reads: analytics_weekly_reports.
-- Why: one run per send time, which is one per UTC offset.
-- Notes: none.
select
    due_at,
    count(*) as reports
from analytics_weekly_reports
where week_start = %(week)s and status = 'ready'
group by due_at
order by due_at
