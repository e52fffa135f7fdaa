-- What: expires ready reports that are more than 72 hours late.
-- Reads: analytics_weekly_reports.
-- Why: last week's numbers late in the next week confuse, and two mails at once annoy.
-- Notes: %(week)s null means every week.
update analytics_weekly_reports
set status = 'expired', reason = 'more than 72 hours late', updated_at = now()
where
    status = 'ready'
    and (%(week)s::date is null or week_start = %(week)s)
    and due_at < %(due_after)s
