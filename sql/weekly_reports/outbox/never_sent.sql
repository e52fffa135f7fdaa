-- What: makes ready, for one more try, the week's unknown reports that the provider's events show were never sent.
-- Reads: analytics_weekly_reports, analytics_mail_events.
-- Why: a day later, with every mail around it on record as sent, silence is an answer.
-- Notes: once per report; with one gap in the record, or no mail to compare with, it stays unknown.
update analytics_weekly_reports as report
set
    status = 'ready',
    reason = 'no send on record after a day; tried once more',
    updated_at = now()
where
    report.status = 'unknown'
    and report.week_start = %(week)s
    and report.backend = 'ses'
    and report.attempts = 1
    and report.claimed_at < now() - interval '24 hours'
    and report.due_at >= %(due_after)s
    and (
        select count(*) > 0 and count(*) = count(event.message_id)
        from analytics_weekly_reports as neighbour
        left join analytics_mail_events as event
            on neighbour.message_id = event.message_id and event.kind = 'send'
        where
            neighbour.week_start = report.week_start
            and neighbour.status = 'sent'
            and neighbour.backend = 'ses'
            and neighbour.claimed_at
            between report.claimed_at - interval '1 hour' and report.claimed_at + interval '1 hour'
    )
