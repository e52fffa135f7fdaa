-- What: indexes analytics_weekly_reports by week, status and send time.
-- Reads: analytics_weekly_reports.
-- Why: the mailer asks for the ready rows that are due, the dashboard for the counts of a week.
-- Notes: user_id last makes both index-only.
create index analytics_weekly_reports_by_week
on analytics_weekly_reports (week_start, status, due_at, user_id)
