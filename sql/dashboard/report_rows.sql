-- What: one row per report of a week, by student.
-- Reads: analytics_weekly_reports, analytics_students.
-- Why: the download of the list behind a count.
-- Notes: $status and $university as in reports.
select
    reports.user_id,
    students.display_name,
    students.university,
    reports.kind,
    reports.status,
    reports.reason,
    reports.attempts,
    reports.sent_at
from analytics_weekly_reports as reports
inner join analytics_students as students on reports.user_id = students.user_id
where
    reports.week_start = $week_start
    and (cast($status as text) is null or reports.status = $status)
    and (cast($university as text) is null or students.university = $university)
order by reports.user_id
