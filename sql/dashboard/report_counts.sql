-- What: one row per status and reason of a week's reports.
-- Reads: analytics_weekly_reports, analytics_students.
-- Why: how many were sent, and why others were not.
-- Notes: one week only; $university is the row filter of a university admin; null: all.
select
    reports.status,
    reports.reason,
    count(*) as reports
from analytics_weekly_reports as reports
where
    reports.week_start = $week_start
    and (
        cast($university as text) is null
        or exists (
            select 1
            from analytics_students as students
            where students.user_id = reports.user_id and students.university = $university
        )
    )
group by reports.status, reports.reason
order by reports.status, count(*) desc, reports.reason
