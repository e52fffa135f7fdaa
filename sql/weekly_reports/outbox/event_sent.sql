-- What: settles unknown reports whose message the provider reports as sent.
-- Reads: analytics_weekly_reports.
-- Why: the event record knows what the broken connection could not tell.
-- Notes: our own message id travels as a tag, so it is known before the provider names one.
update analytics_weekly_reports
set status = 'sent', reason = null, sent_at = %(occurred_at)s, updated_at = now()
where message_id = %(message_id)s and status = 'unknown'
