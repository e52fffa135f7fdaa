-- What: settles the unknown report whose message the provider reports as sent.
-- Reads: analytics_weekly_reports.
-- Why: the event record knows what the broken connection could not tell.
-- Notes: an unknown report keeps our own message id, whose first part travelled as a tag.
update analytics_weekly_reports
set
    status = 'sent',
    reason = null,
    message_id = %(message_id)s,
    sent_at = %(occurred_at)s,
    updated_at = now()
where
    status = 'unknown'
    and replace(split_part(message_id, '@', 1), '.', '_') = %(tag)s
