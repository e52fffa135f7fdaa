-- What: one row, a student's report of a week; none if there is none within $university.
-- Reads: analytics_weekly_reports, analytics_students.
-- Why: shows the exact mail.
-- Notes: $university is the row filter of a university admin; null: all.
select
    reports.user_id,
    students.display_name,
    reports.week_start,
    reports.kind,
    reports.language,
    reports.timezone,
    cast(reports.payload as text) as payload,
    reports.payload_version,
    reports.template_version,
    reports.subject,
    reports.status,
    reports.reason,
    reports.attempts,
    reports.message_id,
    reports.sent_at
from analytics_weekly_reports as reports
inner join analytics_students as students on reports.user_id = students.user_id
where
    reports.user_id = $user_id
    and reports.week_start = $week_start
    and (cast($university as text) is null or students.university = $university)
