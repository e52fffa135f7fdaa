-- What: one row per weekly report of the student, newest first, the last 26.
-- Reads: analytics_weekly_reports.
-- Why: which mails the student was sent, and why others were not.
-- Notes: the mail itself is rendered from its frozen payload.
select
    week_start,
    kind,
    subject,
    status,
    reason,
    attempts,
    sent_at
from analytics_weekly_reports
where user_id = $user_id
order by week_start desc
limit 26
