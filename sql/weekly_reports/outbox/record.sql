-- What: writes the outcomes of claimed reports.
-- Reads: analytics_weekly_reports.
-- Why: the record that follows each call.
-- Notes: only by the mailer that claimed; a claim that was given up as unknown may still be told.
update analytics_weekly_reports as report
set
    status = given.status,
    reason = given.reason,
    message_id = coalesce(given.message_id, report.message_id),
    template_version = %(template_version)s,
    sent_at = case when given.status = 'sent' then now() else report.sent_at end,
    updated_at = now()
from
    unnest(%(users)s::text[], %(statuses)s::text[], %(reasons)s::text[], %(message_ids)s::text[])
        as given (user_id, status, reason, message_id)
where
    report.week_start = %(week)s
    and report.user_id = given.user_id
    and report.claimed_by = %(claimed_by)s
    and report.status in ('claimed', 'unknown')
