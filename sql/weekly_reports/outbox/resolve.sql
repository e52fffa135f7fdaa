-- What: settles one unknown report.
-- Reads: analytics_weekly_reports.
-- Why: whoever looked into the provider's record knows more than the mailer did.
-- Notes: only unknown rows; ready means that it will be sent once more.
update analytics_weekly_reports
set
    status = %(status)s,
    reason = 'resolved by hand',
    sent_at = case when %(status)s = 'sent' then claimed_at end,
    updated_at = now()
where week_start = %(week)s and user_id = %(user_id)s and status = 'unknown'
